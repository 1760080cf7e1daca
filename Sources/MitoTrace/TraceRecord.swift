public import MitoCore

/// One line of a trace: an event, the context it happened in, and its place among all events of the run.
public struct TraceRecord: Hashable, Sendable {
    /// The place in the whole run, from 1. In live runs: the line number of the merged file.
    public var index: UInt64
    public var context: ContextID
    public var event: Event
    /// The rolling hash of the run up to and with this record; 0 where worlds have no common order.
    public var hash: UInt64

    public init(index: UInt64, context: ContextID, event: Event, hash: UInt64) {
        self.index = index
        self.context = context
        self.event = event
        self.hash = hash
    }
}
