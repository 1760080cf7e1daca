/// What a frame carries, told from its header alone: the words that stories and reports have for messages.
public enum FrameKind: String, Hashable, Sendable, CaseIterable {
    case call, reply, dead, log, shutdown, other
    case addRoute = "add-route"
    case delRoute = "del-route"

    /// The kind of a frame for `handle` whose sender waits at `replyTo`.
    public init(handle: Handle, replyTo: Handle) {
        if replyTo == .dead {
            self = .dead
            return
        }
        self =
            switch handle {
            case .callFunction: .call
            case .addRoute: .addRoute
            case .delRoute: .delRoute
            case .shutdown: .shutdown
            case .forwardLog: .log
            default: handle < .firstDynamic ? .other : .reply
            }
    }
}
