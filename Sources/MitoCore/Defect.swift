extension Node {
    /// A bug that can be planted in one context, so that an explanation or a checker can be seen to find it. A build
    /// without the package trait `PlantedDefects` has none of them.
    enum Defect: String, Sendable, CaseIterable {
        /// Of the news that a context is gone: a relay takes a DEL_ROUTE and passes it on to nobody; whoever loses a
        /// context does not tell its parent; it tells its parent and none of those who addressed it.
        case swallowsDelRoute = "swallow-del-route"
        case tellsNoParent = "tell-no-parent"
        case tellsParentAlone = "tell-parent-alone"
        /// Of a call: one that is too large is dropped without an answer; one that comes in while this context ends is
        /// not answered; its function ends and no reply is sent; the next in the queue is not started; its time-out
        /// comes and ends nothing.
        case dropsOversized = "drop-oversized"
        case ignoresCallsAtEnd = "ignore-calls-at-end"
        case forgetsReply = "forget-reply"
        case startsNoNext = "start-no-next"
        case ignoresTimeOut = "ignore-time-out"
        /// A context was started for another one, which is not told.
        case forgetsAsker = "forget-asker"
        /// Two that keep busy for nothing: a DEL_ROUTE goes back to where it came from as well; a deadline that has
        /// come is set again.
        case returnsDelRoute = "return-del-route"
        case repeatsDeadline = "repeat-deadline"
        /// What belongs to a call that ended: its handle, its deadline.
        case keepsHandle = "keep-handle"
        case keepsTimer = "keep-timer"
        /// What belongs to a context that is gone: who waits for it, the route to it, its place among those whom a
        /// child addressed, the chains of its calls that failed.
        case keepsWaiter = "keep-waiter"
        case keepsRoute = "keep-route"
        case keepsEgress = "keep-egress"
        case keepsChain = "keep-chain"
        /// What should end with this context: the calls that it waits for. And what should end with its parent: itself.
        case keepsCallsAtEnd = "keep-calls-at-end"
        case outlivesParent = "outlive-parent"
    }

    /// The names of the bugs that can be planted in this build.
    public static var defects: [String] {
        #if PLANTED_DEFECTS
            Defect.allCases.map(\.rawValue)
        #else
            []
        #endif
    }

    /// Was this bug planted here?
    @inline(__always)
    func has(_ defect: Defect) -> Bool {
        #if PLANTED_DEFECTS
            configuration.defect != nil && configuration.defect == defect.rawValue
        #else
            false
        #endif
    }
}
