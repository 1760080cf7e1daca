import MitoCore

/// Writes a trace as JSON lines: a header, then one object per event, each on a line of its own.
///
/// The bytes gather here until somebody takes them, so that a driver writes once per turn. Fields that have their
/// default are left out. Contexts that share a file write whole lines with no index; the reader counts them.
///
///     var writer = TraceWriter()
///     writer.write(TraceHeader(world: "sim", seed: 7))
///     writer.write(record)
///     writer.writeEnd()
///     file.write(writer.take())
public struct TraceWriter: Sendable {
    /// The most bytes that one text of an event takes in a trace; what is longer ends with `…`.
    public static let textBytesMax = 65_536

    public init() {}

    /// The lines written since the last `take`.
    public var bytes: [UInt8] { json.bytes }

    /// Hands the lines over; the writer is empty afterwards.
    public mutating func take() -> [UInt8] {
        defer { json.removeAll() }
        return json.bytes
    }

    /// Writes the first line.
    public mutating func write(_ header: TraceHeader) {
        json.beginObject()
        json.key("mitoscope-trace")
        json.value(header.version)
        if !header.world.isEmpty { field("world", header.world) }
        if let seed = header.seed {
            json.key("seed")
            json.value(seed)
        }
        if let title = header.title { field("title", title) }
        if let flight = header.flight { field("flight", flight) }
        json.endObject()
        json.endLine()
    }

    /// Writes one event.
    public mutating func write(_ record: TraceRecord) {
        let event = record.event
        json.beginObject()
        number("i", record.index)
        if event.at != .start {
            json.key("t")
            json.value(event.at.nanoseconds)
        }
        json.key("ctx")
        json.value(UInt64(record.context.rawValue))
        json.key("k")
        json.value(event.kind.word)
        number("step", event.step)
        number("cause", event.cause)
        number("link", event.link.rawValue)
        if event.link != .master || event.upward { field("dir", event.upward ? "up" : "down") }
        number("n", event.ordinal)
        number("dst", event.destination.rawValue)
        number("src", event.source.rawValue)
        number("auth", event.authority.rawValue)
        number("handle", event.handle.rawValue)
        number("reply", event.replyTo.rawValue)
        number("len", event.length)
        hex("digest", event.digest)
        number("subject", event.subject.rawValue)
        if event.reason != .none { field("reason", event.reason.word) }
        if !event.text.isEmpty { field("text", Self.bounded(event.text)) }
        if !event.tag.isEmpty { field("tag", Self.bounded(event.tag)) }
        hex("hash", record.hash)
        json.endObject()
        json.endLine()
    }

    /// Writes the last line, `{"end":true}`: the run is over, and nothing of it is missing.
    public mutating func writeEnd() {
        json.beginObject()
        json.key("end")
        json.value(true)
        json.endObject()
        json.endLine()
    }

    private mutating func number(_ key: String, _ value: some UnsignedInteger) {
        guard value != 0 else { return }
        json.key(key)
        json.value(UInt64(value))
    }

    private mutating func hex(_ key: String, _ value: UInt64) {
        guard value != 0 else { return }
        json.key(key)
        json.value(hex: value)
    }

    private mutating func field(_ key: String, _ value: String) {
        json.key(key)
        json.value(value)
    }

    /// A peer names functions and errors: without a bound it would decide how long a line is.
    private static func bounded(_ text: String) -> String {
        guard text.utf8.count > textBytesMax else { return text }
        var kept = ""
        var size = 0
        for scalar in text.unicodeScalars {
            size += UTF8.width(scalar)
            if size > textBytesMax - 3 { break }
            kept.unicodeScalars.append(scalar)
        }
        return kept + "…"
    }

    private var json = JSONText()
}
