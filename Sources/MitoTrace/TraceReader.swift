import MitoCore

/// Reads a trace, whole or while it grows.
///
/// Feed it bytes as they come; it hands out the records of every whole line. What follows the last line feed waits for
/// more, so that a file which is still written to, or whose writer was killed, reads without an error.
/// A line without an index is given its place among the events as one.
///
///     var reader = TraceReader()
///     let records = try reader.read(bytes.span)
public struct TraceReader: Sendable {
    /// The longest line that is read: no writer of ours comes near, and a hostile file stays bounded.
    public static let lineBytesMax = 1_048_576

    /// The first line; nil until it came.
    public private(set) var header: TraceHeader?
    /// How many whole lines were read.
    public private(set) var lineCount = 0
    /// Whether the last bytes were not a whole line.
    public var hasPartialLine: Bool { !partial.isEmpty }
    /// Whether the last line is the one that says that the run is over. Who cannot know that, such as a program that
    /// traces itself, writes none.
    public var hasEnd: Bool { isEnded && partial.isEmpty }

    public init() {}

    /// Takes more of the file and returns the events of the lines that are whole now.
    ///
    /// An error ends the reading: everything before its line has been lost to the caller, who may start afresh.
    public mutating func read(_ bytes: Span<UInt8>) throws(TraceError) -> [TraceRecord] {
        var records: [TraceRecord] = []
        for position in bytes.indices {
            let byte = bytes[position]
            if byte != 0x0A {
                if partial.count == Self.lineBytesMax {
                    throw TraceError(.lineTooLong, line: lineCount + 1, column: partial.count + 1)
                }
                partial.append(byte)
                continue
            }
            lineCount += 1
            var line: [UInt8] = []
            swap(&line, &partial)
            if header == nil {
                header = try Self.parseHeader(line)
            } else if !line.isEmpty {
                isEnded = false
                guard var record = try Self.parseRecord(line, number: lineCount) else {
                    isEnded = true
                    continue
                }
                eventCount += 1
                if record.index == 0 { record.index = eventCount }
                records.append(record)
            }
        }
        return records
    }

    /// Reads a whole file: its header and all its records.
    public static func readAll(_ bytes: [UInt8]) throws(TraceError) -> (header: TraceHeader, records: [TraceRecord]) {
        var reader = TraceReader()
        let records = try reader.read(bytes.span)
        guard let header = reader.header else { throw TraceError(.notATrace, line: 1, column: 1) }
        return (header, records)
    }

    private var partial: [UInt8] = []
    private var eventCount: UInt64 = 0
    private var isEnded = false
}

extension TraceReader {
    private static func parseHeader(_ line: [UInt8]) throws(TraceError) -> TraceHeader {
        guard line.first == 0x7B else { throw TraceError(.notATrace, line: 1, column: 1) }
        var header = TraceHeader()
        var version: UInt64?
        var cursor = JSONCursor(line, line: 1)
        try cursor.readObject { (cursor, key) throws(TraceError) in
            switch key {
            case "mitoscope-trace": version = try cursor.readNumber()
            case "world": header.world = try cursor.readText()
            case "seed": header.seed = try cursor.readNumber()
            case "title": header.title = try cursor.readText()
            case "flight": header.flight = try cursor.readText()
            default: try cursor.skipValue()
            }
        }
        guard let version else { throw TraceError(.notATrace, line: 1, column: 1) }
        guard version == TraceHeader.currentVersion else { throw TraceError(.version(version), line: 1, column: 1) }
        header.version = version
        return header
    }

    /// The keys of an event's line, in the order in which they are written.
    private enum Key: UInt8, CaseIterable {
        case index, time, context, kind, step, cause, link, direction, ordinal, destination, source, authority
        case handle, replyTo, length, digest, subject, reason, text, tag, hash

        static let words = [
            "i", "t", "ctx", "k", "step", "cause", "link", "dir", "n", "dst", "src", "auth",
            "handle", "reply", "len", "digest", "subject", "reason", "text", "tag", "hash",
        ]
        static let byWord = [String: Key](uniqueKeysWithValues: zip(words, allCases))

        var word: String { Self.words[Int(rawValue)] }
        /// Its place in a set of keys.
        var bit: UInt32 { 1 << UInt32(rawValue) }
    }

    /// The event of a line; nil when the line is the end's.
    private static func parseRecord(_ line: [UInt8], number: Int) throws(TraceError) -> TraceRecord? {
        var record = TraceRecord(index: 0, context: .master, event: Event(.log), hash: 0)
        var seen: UInt32 = 0
        var isEnd = false
        var cursor = JSONCursor(line, line: number)
        try cursor.readObject { (cursor, word) throws(TraceError) in
            guard let key = Key.byWord[word] else {
                if word == "end" { isEnd = true }
                return try cursor.skipValue()
            }
            if seen & key.bit != 0 { throw cursor.error(.duplicateKey(word)) }
            seen |= key.bit
            try parse(key, &record, &cursor)
        }
        if isEnd, seen == 0 { return nil }
        for key in [Key.context, .kind] where seen & key.bit == 0 {
            throw TraceError(.missing(key.word), line: number, column: 1)
        }
        return record
    }

    private static func parse(_ key: Key, _ record: inout TraceRecord, _ cursor: inout JSONCursor) throws(TraceError) {
        switch key {
        case .index: record.index = try cursor.readNumber()
        case .time: record.event.at.nanoseconds = try cursor.readNumber()
        case .context: record.context.rawValue = try cursor.readNumber()
        case .kind: record.event.kind = try parseWord(&cursor, Event.Kind.init(word:))
        case .step: record.event.step = try cursor.readNumber()
        case .cause: record.event.cause = try cursor.readNumber()
        case .link: record.event.link.rawValue = try cursor.readNumber()
        case .direction: record.event.upward = try parseWord(&cursor) { ["up": true, "down": false][$0] }
        case .ordinal: record.event.ordinal = try cursor.readNumber()
        case .destination: record.event.destination.rawValue = try cursor.readNumber()
        case .source: record.event.source.rawValue = try cursor.readNumber()
        case .authority: record.event.authority.rawValue = try cursor.readNumber()
        case .handle: record.event.handle.rawValue = try cursor.readNumber()
        case .replyTo: record.event.replyTo.rawValue = try cursor.readNumber()
        case .length: record.event.length = try cursor.readNumber()
        case .digest: record.event.digest = try cursor.readHex()
        case .subject: record.event.subject.rawValue = try cursor.readNumber()
        case .reason: record.event.reason = try parseWord(&cursor, Event.Reason.init(word:))
        case .text: record.event.text = try cursor.readText()
        case .tag: record.event.tag = try cursor.readText()
        case .hash: record.hash = try cursor.readHex()
        }
    }

    private static func parseWord<Meaning>(
        _ cursor: inout JSONCursor, _ meaning: (String) -> Meaning?
    ) throws(TraceError) -> Meaning {
        let place = cursor.place
        let word = try cursor.readText()
        guard let value = meaning(word) else { throw cursor.error(.unknownWord(word), at: place) }
        return value
    }
}
