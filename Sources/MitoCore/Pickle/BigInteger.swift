/// Integers of any size as Python writes them: little-endian two's complement, or decimal digits.
///
/// All of it is bounded: digits are read and written up to `digitsMax`, because both take time that grows with the
/// square of their number.
enum BigInteger {
    /// As many digits as Python itself converts.
    static let digitsMax = 4300
    /// No number of this many bytes has more than `digitsMax` digits.
    static let decimalBytesMax = 1785

    /// The value that the two's complement stands for, in its one shape: `.int` where 64 bits are enough.
    static func value(littleEndian bytes: some BidirectionalCollection<UInt8>) -> Value {
        let shortest = shortened(bytes)
        guard shortest.count <= 8 else { return .bigInt(Array(shortest)) }
        var word: UInt64 = (bytes.last ?? 0) & 0x80 == 0 ? 0 : .max
        for byte in shortest.reversed() { word = word << 8 | UInt64(byte) }
        return .int(Int64(bitPattern: word))
    }

    /// The value of decimal digits with an optional sign, or nil when they are something else or too many.
    static func value(decimal text: ArraySlice<UInt8>) -> Value? {
        let isNegative = text.first == UInt8(ascii: "-")
        let digits = isNegative || text.first == UInt8(ascii: "+") ? text.dropFirst() : text
        guard !digits.isEmpty, digits.count <= digitsMax, digits.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        var magnitude: [UInt32] = []
        for digit in digits {
            var carry = UInt64(digit - 0x30)
            for place in magnitude.indices {
                carry += UInt64(magnitude[place]) * 10
                magnitude[place] = UInt32(truncatingIfNeeded: carry)
                carry >>= 32
            }
            if carry > 0 { magnitude.append(UInt32(carry)) }
        }
        var bytes: [UInt8] = []
        for word in magnitude {
            for shift in [0, 8, 16, 24] { bytes.append(UInt8(truncatingIfNeeded: word >> shift)) }
        }
        bytes.append(0)
        if isNegative { negate(&bytes) }
        return value(littleEndian: bytes)
    }

    /// The number for people: decimal, or hexadecimal when that would take too long.
    static func description(littleEndian bytes: [UInt8]) -> String {
        let isNegative = (bytes.last ?? 0) & 0x80 != 0
        var magnitude = bytes + [isNegative ? 0xFF : 0]
        if isNegative { negate(&magnitude) }
        let text = magnitude.count <= decimalBytesMax + 1 ? decimal(magnitude) : hexadecimal(magnitude)
        return isNegative ? "-" + text : text
    }

    /// Without the bytes at the end that only repeat the sign.
    static func shortened<Bytes: BidirectionalCollection<UInt8>>(_ bytes: Bytes) -> Bytes.SubSequence {
        var rest = bytes[...]
        while let last = rest.last, last == 0 || last == 0xFF {
            let below = rest.dropLast().last ?? 0
            guard below & 0x80 == last & 0x80 else { break }
            rest.removeLast()
        }
        return rest
    }

    private static func negate(_ bytes: inout [UInt8]) {
        var carry = true
        for place in bytes.indices {
            (bytes[place], carry) = (~bytes[place]).addingReportingOverflow(carry ? 1 : 0)
        }
    }

    private static func decimal(_ magnitude: [UInt8]) -> String {
        var words = stride(from: 0, to: magnitude.count, by: 4).map { start in
            magnitude[start..<min(start + 4, magnitude.count)].reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        }
        var groups: [UInt32] = []
        while !words.isEmpty {
            var rest: UInt64 = 0
            for place in words.indices.reversed() {
                rest = rest << 32 | UInt64(words[place])
                words[place] = UInt32(rest / 1_000_000_000)
                rest %= 1_000_000_000
            }
            groups.append(UInt32(rest))
            while words.last == 0 { words.removeLast() }
        }
        let rest = groups.dropLast().reversed().map { group in
            let digits = String(group)
            return String(repeating: "0", count: 9 - digits.utf8.count) + digits
        }
        return String(groups.last ?? 0) + rest.joined()
    }

    private static func hexadecimal(_ magnitude: [UInt8]) -> String {
        var digits: [UInt8] = []
        for byte in magnitude.reversed() {
            digits.append(hexDigit(byte >> 4))
            digits.append(hexDigit(byte & 0xF))
        }
        return "0x" + String(decoding: digits.drop { $0 == UInt8(ascii: "0") }, as: UTF8.self)
    }

    /// The lower-case digit for a number below 16.
    static func hexDigit(_ nibble: UInt8) -> UInt8 { nibble < 10 ? 0x30 + nibble : 0x57 + nibble }
}
