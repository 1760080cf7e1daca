/// A payload and how far it was read. Everything is checked against what is there before anything is taken.
struct PickleInput: Sendable {
    private let payload: [UInt8]
    private(set) var position = 0

    init(_ payload: [UInt8]) { self.payload = payload }

    var isAtEnd: Bool { position == payload.count }

    mutating func skipToEnd() { position = payload.count }

    mutating func byte() throws(PickleError.Reason) -> UInt8 {
        guard position < payload.count else { throw .truncated }
        defer { position += 1 }
        return payload[position]
    }

    mutating func take(_ count: Int) throws(PickleError.Reason) -> ArraySlice<UInt8> {
        let start = try skip(count)
        return payload[start..<position]
    }

    mutating func word16() throws(PickleError.Reason) -> UInt16 {
        let start = try skip(2)
        return UInt16(payload[start]) | UInt16(payload[start + 1]) << 8
    }

    mutating func word32() throws(PickleError.Reason) -> UInt32 {
        let start = try skip(4)
        return UInt32(payload[start]) | UInt32(payload[start + 1]) << 8
            | UInt32(payload[start + 2]) << 16 | UInt32(payload[start + 3]) << 24
    }

    mutating func bigEndian64() throws(PickleError.Reason) -> UInt64 {
        let start = try skip(8)
        var word: UInt64 = 0
        for place in start..<(start + 8) { word = word << 8 | UInt64(payload[place]) }
        return word
    }

    /// Moves on by `count` bytes, which are there; gives where they start.
    private mutating func skip(_ count: Int) throws(PickleError.Reason) -> Int {
        guard count <= payload.count - position else { throw .truncated }
        defer { position += count }
        return position
    }

    /// A length that is written with a sign.
    mutating func length32() throws(PickleError.Reason) -> Int {
        let length = Int32(bitPattern: try word32())
        guard length >= 0 else { throw .negativeLength }
        return Int(length)
    }

    /// What stands before the next line feed, which is read as well.
    mutating func line(bytesMax: Int) throws(PickleError.Reason) -> ArraySlice<UInt8> {
        var end = position
        while end < payload.count, payload[end] != UInt8(ascii: "\n") {
            guard end - position < bytesMax else { throw .expected("a line of at most \(bytesMax) bytes") }
            end += 1
        }
        guard end < payload.count else { throw .truncated }
        defer { position = end + 1 }
        return payload[position..<end]
    }
}
