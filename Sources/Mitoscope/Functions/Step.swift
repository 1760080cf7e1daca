public import MitoCore

/// One thing that a running function does. The result of a function is the result of its last step that has one.
///
/// ```swift
/// let steps: [Step] = [.sleep(.seconds(5)), .give(42)]
/// let slow = ValueFunction("demo.slow") { _, _ in steps }
/// ```
public enum Step: Hashable, Sendable {
    /// The result so far becomes this.
    case give(Value)
    case fail(FunctionError)
    /// Waits. Later calls wait too, the broker goes on.
    case sleep(Duration)
    /// Blocks the thread that runs functions, as careless code does.
    case block(Duration)
    /// Never ends.
    case hang
    /// Calls another context and waits. Its result is the result; a failure there fails this function.
    case call(CallRequest)
    /// Starts a context below this one and waits until it is up. The result is that context.
    case spawn(ConnectRequest)
    /// Sends `count` numbers, 0 first, or with `size` as many blocks of that many bytes, to a sender; then closes it.
    case stream(ContextID, Handle, count: Int, size: Int? = nil)
    /// Opens a receiver; the result is its sender.
    case open
    /// Waits until the receiver's sender closes; the result is the list of its items.
    case drain(Handle)
}
