/// Why a message came to nothing: the words of the original, which readers may rely on, beside our own code for it.
struct DeadReason: Hashable, Sendable {
    var code: Event.Reason
    var text: String

    static func noRoute(to destination: ContextID, own: ContextID) -> DeadReason {
        DeadReason(code: .noRoute, text: "no route to \(destination), my ID is \(own)")
    }
    static func routingMode(from source: ContextID, to target: ContextID, via own: ContextID) -> DeadReason {
        let way = "from context \(source) to context \(target) via context \(own)"
        return DeadReason(code: .routingMode, text: "routing mode prevents forward of message \(way)")
    }
    static func tooLarge(max: Int) -> DeadReason {
        DeadReason(code: .tooLarge, text: "message too large (max \(max) bytes)")
    }
    /// - Parameter why: how the context ended, where that is known.
    static func respondentLost(_ why: String) -> DeadReason {
        let text = "the respondent Context has disconnected"
        return DeadReason(code: .respondentLost, text: why.isEmpty ? text : "\(text): \(why)")
    }
    static let invalidHandle = DeadReason(code: .invalidHandle, text: "invalid handle")
    static let unexpectedContext = DeadReason(code: .unexpectedContext, text: "reply from unexpected context")
    static let refusedByPolicy = DeadReason(code: .refusedByPolicy, text: "refused by policy")
    static let brokerExited = DeadReason(code: .brokerExited, text: "Broker has exitted")
    /// Ours: the original queues without bound.
    static let queueFull = DeadReason(code: .queueFull, text: "queue full")
    static let senderClosed = DeadReason(code: .senderClosed, text: "Sender was explicitly closed")
    /// Ours: the original drops such messages silently, and the caller waits for ever.
    static func badAuthority(_ authority: ContextID) -> DeadReason {
        DeadReason(code: .badAuthority, text: "refused: authority \(authority) does not speak through this link")
    }
    static func badSource(_ source: ContextID) -> DeadReason {
        DeadReason(code: .badSource, text: "refused: context \(source) does not speak through this link")
    }
}
