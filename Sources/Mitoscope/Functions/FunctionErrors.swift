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
}
