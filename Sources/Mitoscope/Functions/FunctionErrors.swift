import MitoCore

/// What functions here can fail with. Types that the original has keep its names, so that Python callers know them.
extension FunctionError {
    static func unknownFunction(_ name: String, nearest: String?) -> FunctionError {
        let hint = nearest.map { "; the nearest is '\($0)'" } ?? ""
        return FunctionError(
            type: "mitoscope.UnknownFunction", message: "no function '\(name.prefix(200))' is registered here\(hint)")
    }

    /// The call's arguments are not what the function takes.
    static func arguments(_ message: String) -> FunctionError {
        FunctionError(type: "mitoscope.ArgumentError", message: message)
    }

    static func tooManyArguments(of call: Invocation, max: Int) -> FunctionError {
        .arguments("\(call.function) takes at most \(max) arguments, not \(call.arguments.count)")
    }

    /// A keyword that the function does not declare.
    static func unknownKeyword(_ key: Value, of call: Invocation, labels: [String]) -> FunctionError {
        let hint = nearestName(to: key.string ?? "", in: labels).map { "; the nearest is '\($0)'" } ?? ""
        return .arguments("\(call.function) has no argument \(key.description(limit: 100))\(hint)")
    }

    /// A scripted function is not written as one.
    static func script(_ message: String) -> FunctionError {
        FunctionError(type: "mitoscope.ScriptError", message: message)
    }

    static func overflow(_ message: String) -> FunctionError {
        FunctionError(type: "mitoscope.OverflowError", message: message)
    }

    static func channel(_ reason: String) -> FunctionError {
        FunctionError(type: "mitogen.core.ChannelError", message: reason)
    }

    static let respondentLost = channel("the respondent Context has disconnected")

    static func notCollecting(_ handle: Handle) -> FunctionError {
        channel("no receiver \(handle) is collected here")
    }

    static func inboxFull(_ bytesMax: Int) -> FunctionError {
        FunctionError(type: "mitoscope.QueueFull", message: "more than \(bytesMax) bytes wait to be collected here")
    }

    static let tooManyInboxes = FunctionError(
        type: "mitoscope.QueueFull", message: "\(InboxTable.inboxesMax) receivers are open here already")

    /// A nested call's failure becomes that of the function that made it.
    init(_ failure: Failure) {
        self.init(type: "mitogen.core.\(failure.kind.rawValue)", message: failure.message)
    }

    /// Any error of the program, as its caller will read it. A call that failed further on keeps its type and message,
    /// with one more line for the way that it came.
    init(thrown error: any Error) {
        switch error {
        case let error as FunctionError: self = error
        case let error as MitoscopeError: self.init(error)
        default: self.init(type: String(reflecting: Swift.type(of: error)), message: reason(error))
        }
    }

    private init(_ error: MitoscopeError) {
        guard let failure = error.callError, let context = failure.path.first else {
            self.init(type: "mitogen.core.\(error.code.rawValue)", message: error.message)
            return
        }
        let frame = CallError.frame(of: failure.function, in: context)
        self.init(
            type: failure.type, message: failure.message,
            traceback: failure.backtrace.isEmpty ? frame : "\(failure.backtrace)\n\(frame)")
    }
}
