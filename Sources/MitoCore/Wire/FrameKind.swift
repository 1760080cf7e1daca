/// What a frame carries, told from its header alone: the words that stories and reports have for messages.
public enum FrameKind: String, Hashable, Sendable, CaseIterable {
    case call, reply, dead, log, shutdown, other
    case addRoute = "add-route"
    case delRoute = "del-route"
    case allocateID = "allocate-id"
    case detaching
    case callService = "call-service"
    case getModule = "get-module"
    case loadModule = "load-module"
    case forwardModule = "forward-module"
    case getResource = "get-resource"
    case loadResource = "load-resource"

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
            case .allocateID: .allocateID
            case .detaching: .detaching
            case .callService: .callService
            case .getModule: .getModule
            case .loadModule: .loadModule
            case .forwardModule: .forwardModule
            case .getResource: .getResource
            case .loadResource: .loadResource
            default: handle < .firstDynamic ? .other : .reply
            }
    }
}
