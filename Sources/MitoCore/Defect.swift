extension Node {
    /// A bug that can be planted in one context, so that an explanation or a checker can be seen to find it. A build
    /// without the package trait `PlantedDefects` has none of them.
    enum Defect: String, Sendable, CaseIterable {
        /// A relay takes a DEL_ROUTE and passes it on to nobody.
        case swallowsDelRoute = "swallow-del-route"
        /// What belongs to a call that ended: its handle, its deadline.
        case keepsHandle = "keep-handle"
        case keepsTimer = "keep-timer"
        /// What belongs to a context that is gone: who waits for it, the route to it, its place among those whom a
        /// child addressed, the chains of its calls that failed.
        case keepsWaiter = "keep-waiter"
        case keepsRoute = "keep-route"
        case keepsEgress = "keep-egress"
        case keepsChain = "keep-chain"
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
