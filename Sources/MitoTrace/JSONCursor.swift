/// A place in one line of JSON, moving forward. Strict, and bounded in depth: the line may come from anybody.
struct JSONCursor {
    private let bytes: [UInt8]
    private let line: Int
    private var position = 0

    /// How deep an unknown value may nest.
    private static let depthMax = 32

    init(_ bytes: [UInt8], line: Int) {
        self.bytes = bytes
        self.line = line
    }

    /// Reads the whole line as one object: `read` gets each key, and takes its value from the cursor.
    mutating func readObject(_ read: (inout JSONCursor, String) throws(TraceError) -> Void) throws(TraceError) {
        try expect(0x7B, "{")
        skipSpace()
        var isFirst = true
        while peek != 0x7D {
            if !isFirst { try expect(0x2C, ",") }
            isFirst = false
            let key = try readText()
            try expect(0x3A, ":")
            try read(&self, key)
            skipSpace()
        }
        position += 1
        skipSpace()
        if position < bytes.count { throw error(.expected("the end of the line")) }
    }

    /// A whole number in the type that the field has.
    mutating func readNumber<Number: FixedWidthInteger>(_: Number.Type = Number.self) throws(TraceError) -> Number {
        skipSpace()
        let start = position
        let isNegative = peek == 0x2D
        if isNegative { position += 1 }
        let magnitude = try readMagnitude(from: start)
        if peek == 0x2E || peek == 0x65 || peek == 0x45 { throw error(.expected("a whole number"), at: start) }
        let number = isNegative ? Self.negated(magnitude).flatMap(Number.init(exactly:)) : Number(exactly: magnitude)
        guard let number else { throw error(.outOfRange, at: start) }
        return number
    }

    private static func negated(_ magnitude: UInt64) -> Int64? {
        magnitude <= Int64.min.magnitude ? Int64(truncatingIfNeeded: 0 &- magnitude) : nil
    }

    private mutating func readMagnitude(from start: Int) throws(TraceError) -> UInt64 {
        let firstDigit = position
        var number: UInt64 = 0
        while let byte = peek, (0x30...0x39).contains(byte) {
            let (tens, overflow) = number.multipliedReportingOverflow(by: 10)
            let (sum, carry) = tens.addingReportingOverflow(UInt64(byte - 0x30))
            if overflow || carry { throw error(.outOfRange, at: start) }
            number = sum
            position += 1
        }
        let digits = position - firstDigit
        if digits == 0 || digits > 1 && bytes[firstDigit] == 0x30 { throw error(.expected("a number"), at: start) }
        return number
    }

    /// A text, with its escapes undone. Half a surrogate pair becomes U+FFFD.
    mutating func readText() throws(TraceError) -> String {
        try expect(0x22, "\"")
        let start = position
        var plain = start
        var text: [UInt8] = []
        while let byte = peek, byte != 0x22 {
            if byte < 0x20 { throw error(.badText) }
            position += 1
            if byte == 0x5C {
                text += bytes[plain..<position - 1]
                try readEscape(into: &text)
                plain = position
            }
        }
        text += bytes[plain..<position]
        guard let valid = try? UTF8Span(validating: text.span) else { throw error(.badText, at: start) }
        let string = String(copying: valid)
        try expect(0x22, "\"")
        return string
    }

    /// A text that stands for 64 bits: at most sixteen hexadecimal digits.
    mutating func readHex() throws(TraceError) -> UInt64 {
        skipSpace()
        let start = position
        let text = try readText()
        guard (1...16).contains(text.utf8.count) else { throw error(.expected("hexadecimal digits"), at: start) }
        var number: UInt64 = 0
        for byte in text.utf8 {
            guard let digit = Self.digit(byte) else { throw error(.expected("hexadecimal digits"), at: start) }
            number = number << 4 | UInt64(digit)
        }
        return number
    }

    /// Passes over a value of any kind.
    mutating func skipValue(depth: Int = 0) throws(TraceError) {
        if depth > Self.depthMax { throw error(.tooDeep) }
        skipSpace()
        switch peek {
        case 0x22: _ = try readText()
        case 0x7B, 0x5B: try skipGroup(depth: depth)
        case 0x74: try expectWord("true")
        case 0x66: try expectWord("false")
        case 0x6E: try expectWord("null")
        default: try skipNumber()
        }
    }

    /// An error about what was just read.
    func error(_ problem: TraceError.Problem, at place: Int? = nil) -> TraceError {
        TraceError(problem, line: line, column: (place ?? position) + 1)
    }

    /// The place of the value that comes next, for errors found after it was read.
    var place: Int { position }

    // MARK: Parts

    private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skipSpace() {
        while let byte = peek, byte == 0x20 || byte == 0x09 || byte == 0x0D { position += 1 }
    }

    private mutating func expect(_ byte: UInt8, _ name: String) throws(TraceError) {
        skipSpace()
        guard peek == byte else { throw error(.expected(name)) }
        position += 1
    }

    private mutating func expectWord(_ word: StaticString) throws(TraceError) {
        for byte in word.description.utf8 {
            guard peek == byte else { throw error(.expected(word.description)) }
            position += 1
        }
    }

    private mutating func skipGroup(depth: Int) throws(TraceError) {
        let isObject = peek == 0x7B
        let end: UInt8 = isObject ? 0x7D : 0x5D
        position += 1
        skipSpace()
        var isFirst = true
        while peek != end {
            if !isFirst { try expect(0x2C, ",") }
            isFirst = false
            if isObject {
                _ = try readText()
                try expect(0x3A, ":")
            }
            try skipValue(depth: depth + 1)
            skipSpace()
        }
        position += 1
    }

    private mutating func skipNumber() throws(TraceError) {
        let start = position
        if peek == 0x2D { position += 1 }
        var digits = 0
        while let byte = peek, (0x30...0x39).contains(byte) || [0x2E, 0x65, 0x45, 0x2B, 0x2D].contains(byte) {
            if (0x30...0x39).contains(byte) { digits += 1 }
            position += 1
        }
        if digits == 0 { throw error(.expected("a value"), at: start) }
    }

    private mutating func readEscape(into text: inout [UInt8]) throws(TraceError) {
        guard let byte = peek else { throw error(.badText) }
        position += 1
        switch byte {
        case 0x22, 0x5C, 0x2F: text.append(byte)
        case 0x62: text.append(0x08)
        case 0x66: text.append(0x0C)
        case 0x6E: text.append(0x0A)
        case 0x72: text.append(0x0D)
        case 0x74: text.append(0x09)
        case 0x75: text.append(contentsOf: String(Character(try readScalar())).utf8)
        default: throw error(.badText, at: position - 1)
        }
    }

    private mutating func readScalar() throws(TraceError) -> Unicode.Scalar {
        let high = try readFourDigits()
        if let scalar = Unicode.Scalar(high) { return scalar }
        guard (0xD800..<0xDC00).contains(high), position + 1 < bytes.count, bytes[position] == 0x5C,
            bytes[position + 1] == 0x75
        else { return "\u{FFFD}" }
        let mark = position
        position += 2
        let low = try readFourDigits()
        guard (0xDC00..<0xE000).contains(low) else {
            position = mark
            return "\u{FFFD}"
        }
        return Unicode.Scalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00)) ?? "\u{FFFD}"
    }

    private mutating func readFourDigits() throws(TraceError) -> UInt32 {
        var number: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = peek, let digit = Self.digit(byte) else { throw error(.badText) }
            number = number << 4 | UInt32(digit)
            position += 1
        }
        return number
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x37
        case 0x61...0x66: byte - 0x57
        default: nil
        }
    }
}
