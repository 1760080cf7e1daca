public import MitoCore

extension FlightRecording {
    /// The recording as a part of a trace: what is known, told as if the context had written it.
    ///
    /// The recordings of a tree, merged, are a trace of what its contexts did last.
    public var records: [TraceRecord] {
        events.map { TraceRecord(index: 0, context: context, event: $0, hash: 0) }
    }

    /// The recording as a file: a header that says why it was taken, and its records.
    public func lines(world: String, because reason: String) -> [UInt8] {
        var writer = TraceWriter()
        writer.write(TraceHeader(world: world, flight: reason))
        for record in records { writer.write(record) }
        return writer.take()
    }
}
