/// Watches descriptors for a loop, level-triggered: what stays readable is reported again.
///
///     try poller.add(socket.number, token: 7, reads: true, writes: false)
///     try poller.wait(milliseconds: -1, into: &news)
public protocol Poller: AnyObject {
    /// Starts to watch a descriptor, known by a token that its owner chose.
    func add(_ number: Int32, token: UInt64, reads: Bool, writes: Bool) throws(SystemError)
    /// Watches it for something else from now on.
    func change(_ number: Int32, token: UInt64, reads: Bool, writes: Bool) throws(SystemError)
    /// Stops to watch it. Comes before the descriptor is closed.
    func remove(_ number: Int32)
    /// Waits and appends what happened; nothing when the time is over or a signal came.
    ///
    /// - Parameter milliseconds: 0 only looks, -1 waits for as long as it takes.
    func wait(milliseconds: Int32, into news: inout [Readiness]) throws(SystemError)
}

/// What a descriptor can do now.
public struct Readiness: Hashable, Sendable {
    /// Which one, in its owner's words.
    public var token: UInt64
    /// Something to read, or the end of it.
    public var isReadable: Bool
    /// Room to write, or nobody left who reads.
    public var isWritable: Bool
}
