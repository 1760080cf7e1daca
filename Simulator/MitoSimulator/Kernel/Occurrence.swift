import MitoCore

/// What can happen next in a simulated world. Trivial, so that the heap moves it without counting references.
enum Occurrence: Equatable {
    /// The first bytes, or the end, of what a conduit carries come out of it.
    case arrival(Fabric.ConduitIndex)
    /// There is room in a conduit again, whose sender waits for it.
    case room(Fabric.ConduitIndex)
    /// A host's process begins.
    case start(HostIndex)
    /// A host's deadline.
    case deadline(HostIndex)
    /// A function that blocked its thread goes on.
    case unblock(HostIndex, InvocationID)
    /// The process below a host's link is known to have ended.
    case reaped(HostIndex)
    /// A fault that was planned before, by its place among these.
    case fault(UInt32)
    /// A piece of user code has slept long enough.
    case wake(UserCode.SleeperIndex)
    /// Somebody outside asked to be woken.
    case token(UInt64)
}
