/// One JSON object being written, without spaces, into bytes that are kept for the next one.
package struct JSONText: Sendable {
    package private(set) var bytes: [UInt8] = []
    private var needsComma = false

    package init() {}

    package mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        needsComma = false
    }

    package mutating func beginObject() { open(0x7B) }
    package mutating func endObject() { close(0x7D) }
    package mutating func beginArray() { open(0x5B) }
    package mutating func endArray() { close(0x5D) }

    /// The key of the value that comes next. `name` is one of ours: it holds nothing that needs escaping.
    package mutating func key(_ name: String) {
        separate()
        bytes.append(0x22)
        bytes.append(contentsOf: name.utf8)
        bytes.append(0x22)
        bytes.append(0x3A)
        needsComma = false
    }

    package mutating func value(_ number: UInt64) {
        separate()
        appendDecimal(number)
        needsComma = true
    }

    package mutating func value(_ number: Int64) {
        separate()
        if number < 0 { bytes.append(0x2D) }
        appendDecimal(number.magnitude)
        needsComma = true
    }

    package mutating func value(_ flag: Bool) {
        separate()
        bytes.append(contentsOf: (flag ? "true" : "false").utf8)
        needsComma = true
    }

    package mutating func value(_ text: String) {
        separate()
        bytes.append(0x22)
        if text.utf8.contains(where: Self.needsEscape) {
            for byte in text.utf8 { append(escaped: byte) }
        } else {
            bytes.append(contentsOf: text.utf8)
        }
        bytes.append(0x22)
        needsComma = true
    }

    /// A 64-bit number as a text of sixteen hexadecimal digits, which readers with floating numbers keep whole.
    package mutating func value(hex number: UInt64) {
        separate()
        bytes.append(0x22)
        for shift in stride(from: 60, through: 0, by: -4) {
            bytes.append(Self.digit(UInt8(number >> UInt64(shift) & 15)))
        }
        bytes.append(0x22)
        needsComma = true
    }

    package mutating func endLine() {
        bytes.append(0x0A)
        needsComma = false
    }

    private static func needsEscape(_ byte: UInt8) -> Bool { byte < 0x20 || byte == 0x22 || byte == 0x5C }

    private mutating func append(escaped byte: UInt8) {
        switch byte {
        case 0x22, 0x5C: bytes.append(contentsOf: [0x5C, byte])
        case 0x0A: bytes.append(contentsOf: [0x5C, 0x6E])
        case 0x09: bytes.append(contentsOf: [0x5C, 0x74])
        case 0x0D: bytes.append(contentsOf: [0x5C, 0x72])
        case 0..<0x20:
            bytes.append(contentsOf: [0x5C, 0x75, 0x30, 0x30, Self.digit(byte >> 4), Self.digit(byte & 15)])
        default: bytes.append(byte)
        }
    }

    private mutating func appendDecimal(_ number: UInt64) {
        var unit: UInt64 = 1
        while number / unit >= 10 { unit *= 10 }
        while unit > 0 {
            bytes.append(0x30 + UInt8(truncatingIfNeeded: number / unit % 10))
            unit /= 10
        }
    }

    private mutating func open(_ bracket: UInt8) {
        separate()
        bytes.append(bracket)
        needsComma = false
    }

    private mutating func close(_ bracket: UInt8) {
        bytes.append(bracket)
        needsComma = true
    }

    private mutating func separate() {
        if needsComma { bytes.append(0x2C) }
    }

    private static func digit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x57 + value }
}
