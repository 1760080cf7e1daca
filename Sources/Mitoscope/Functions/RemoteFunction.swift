public import MitoCore

/// A function that other contexts may call by name. It is registered in an image; nothing else can be called.
///
/// A body is a list of steps, made when the call arrives, so that the same function runs under virtual time and on a
/// real thread, and never holds up the broker.
public struct RemoteFunction: Sendable {
    /// `module.function`, or `module.Type.method`.
    public let name: String
    let steps: @Sendable (Invocation, Identity) throws(FunctionError) -> [Step]

    public init(_ name: String, steps: @escaping @Sendable (Invocation, Identity) throws(FunctionError) -> [Step]) {
        self.name = name
        self.steps = steps
    }
}

/// One thing that a running function does. The result of a function is the result of its last step that has one.
public enum Step: Sendable {
    /// The result so far becomes this.
    case give(Value)
    case fail(FunctionError)
    /// Waits. Later calls wait too, the broker goes on.
    case sleep(Duration)
    /// Blocks the thread that runs functions, as careless code does.
    case block(Duration)
    /// Never ends.
    case hang
    /// Calls another context and waits; a failure there fails this function.
    case call(ContextID, String, [Value])
    /// Sends `count` numbers, 0 first, to a sender, then closes it.
    case stream(ContextID, Handle, count: Int)
    /// Opens a receiver; the result is its sender.
    case open
    /// Waits until the receiver's sender closes; the result is the list of its items.
    case drain(Handle)
}
