import MitoCore

/// The one function that runs in a context: the steps it has left, and what it waits for.
struct RunningFunction: Sendable {
    /// Why the next step has not begun.
    enum Wait: Hashable, Sendable {
        case until(Instant)
        /// The program's own code, which the driver runs.
        case program
        /// The thread that runs functions is blocked.
        case thread
        case forEver
        case call(CallID)
        case connect(ConnectID)
        /// The end of a receiver's items.
        case items(Handle)
        /// The next turn of the driver: there is more to send.
        case turn(Stream)
    }

    let id: InvocationID
    /// The result if no further step gives one.
    var result = Value.none
    var wait: Wait?
    /// When the stream in `wait` had its latest turn.
    var turn = Instant.start
    /// Says to the program's own code that its context ends.
    var cancellation: Cancellation?
    /// The receivers that this function opened.
    var opened: [Handle] = []
    /// When its caller gives up.
    let deadline: Instant?
    private var steps: ArraySlice<Step>

    init(_ invocation: Invocation, _ steps: [Step] = []) {
        id = invocation.id
        deadline = invocation.deadline
        self.steps = steps[...]
    }

    /// The step that comes now; nil while it waits, and after the last.
    mutating func next() -> Step? { wait == nil ? steps.popFirst() : nil }

    /// What it has come to, after the last step; nil while it waits.
    mutating func takeResult() -> Value? {
        guard wait == nil else { return nil }
        defer { result = .none }
        return result
    }
}
