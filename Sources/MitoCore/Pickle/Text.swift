/// Text as it stands on the wire: UTF-8 that may also hold surrogates as three-byte sequences, which no `String` can.
///
/// ```swift
/// let value = Value.text(Text(name))
/// if case .text(let text) = value { print(text.string) }
/// ```
public struct Text: Hashable, Sendable {
    public var utf8: [UInt8]

    public init(utf8: [UInt8]) { self.utf8 = utf8 }
    public init(_ string: String) { utf8 = Array(string.utf8) }

    /// The text for people: a surrogate, or what else is not valid UTF-8, shows as U+FFFD.
    public var string: String {
        if isASCII { return String(decoding: utf8, as: UTF8.self) }
        return String(validating: utf8, as: UTF8.self) ?? String(decoding: replaced, as: UTF8.self)
    }
}

extension Text {
    /// As many characters as before: `String(decoding:)` alone would make three of a surrogate.
    private var replaced: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(utf8.count)
        var place = 0
        while place < utf8.count {
            let (scalar, count) = codePoint(at: place) ?? (0, 1)
            let isSurrogate = (0xD800...0xDFFF).contains(scalar)
            bytes.append(contentsOf: isSurrogate ? [0xEF, 0xBF, 0xBD] : utf8[place..<(place + count)])
            place += count
        }
        return bytes
    }

    private var isASCII: Bool { utf8.allSatisfy { $0 < 0x80 } }

    /// Is this what Python can decode: UTF-8, surrogates allowed?
    var isWellFormed: Bool {
        var place = 0
        while place < utf8.count {
            guard let (_, count) = codePoint(at: place) else { return false }
            place += count
        }
        return true
    }

    /// How many code points there are, or nil when there are more than `max`; looks at no more than it must.
    func codePointCount(max: Int) -> Int? {
        guard utf8.count <= max * 4 else { return nil }
        let count = utf8.reduce(0) { $1 & 0xC0 == 0x80 ? $0 : $0 + 1 }
        return count <= max ? count : nil
    }

    /// The code point that starts at `place` and its length in bytes; nil when the bytes there are none.
    @inline(__always)
    func codePoint(at place: Int) -> (scalar: UInt32, count: Int)? {
        let first = utf8[place]
        if first < 0x80 { return (UInt32(first), 1) }
        let count = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2
        guard first >= 0xC2, first <= 0xF4, place + count <= utf8.count else { return nil }
        var scalar = UInt32(first) & (0x7F >> UInt32(count))
        for next in utf8[(place + 1)..<(place + count)] {
            guard next & 0xC0 == 0x80 else { return nil }
            scalar = scalar << 6 | UInt32(next & 0x3F)
        }
        let least: UInt32 = count == 4 ? 0x1_0000 : count == 3 ? 0x800 : 0x80
        return scalar >= least && scalar <= 0x10_FFFF ? (scalar, count) : nil
    }

    /// Each code point as one byte, or nil when one of them does not fit.
    var latin1: [UInt8]? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(utf8.count)
        var place = 0
        while place < utf8.count {
            guard let (scalar, count) = codePoint(at: place), scalar <= 0xFF else { return nil }
            bytes.append(UInt8(scalar))
            place += count
        }
        return bytes
    }
}
