/// Reads one Python literal: numbers, booleans, None, quoted text and bytes, lists, tuples and dicts.
///
/// Recursion is bounded by `depthMax`, time by the length of the text. What no `repr` prints (comments, triple quotes,
/// raw strings, arithmetic) is refused.
struct PythonLiteralReader {
    /// What is wrong, and where.
    struct Malformed: Error {
        var why: String
        var offset: Int
    }

    static let depthMax = 32

    private let text: ArraySlice<UInt8>
    private(set) var position: Int

    init(_ text: ArraySlice<UInt8>) {
        self.text = text
        position = text.startIndex
    }

    /// Reads a literal and the white space after it.
    mutating func read() throws(Malformed) -> Value { try value(depth: 0) }

    private mutating func value(depth: Int) throws(Malformed) -> Value {
        guard depth <= Self.depthMax else { throw malformed("values are nested more than \(Self.depthMax) deep") }
        skipSpace()
        guard let byte = peek else { throw malformed("a value is missing") }
        let value: Value
        switch byte {
        case UInt8(ascii: "{"): value = .dict(try pairs(depth))
        case UInt8(ascii: "["): value = .list(try items(closing: "]", depth).items)
        case UInt8(ascii: "("):
            let (items, hasComma) = try items(closing: ")", depth)
            value = items.count == 1 && !hasComma ? items[0] : .tuple(items)
        case UInt8(ascii: "'"), UInt8(ascii: "\""): value = .text(Text(utf8: try quoted(.text)))
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."):
            value = try number()
        default: value = try word()
        }
        skipSpace()
        return value
    }

    // MARK: Several

    private mutating func items(
        closing: Unicode.Scalar, _ depth: Int
    ) throws(Malformed) -> (items: [Value], hasComma: Bool) {
        position += 1
        var items: [Value] = []
        var hasComma = false
        while !skip(closing) {
            items.append(try value(depth: depth + 1))
            let separates = skip(",")
            hasComma = hasComma || separates
            guard separates || peek == UInt8(ascii: closing) else { throw malformed("expected , or \(closing)") }
        }
        return (items, hasComma)
    }

    private mutating func pairs(_ depth: Int) throws(Malformed) -> [Value.Pair] {
        position += 1
        var pairs: [Value.Pair] = []
        while !skip("}") {
            let key = try value(depth: depth + 1)
            guard key.canBeKey else { throw malformed("a list or dict cannot be a key") }
            guard skip(":") else { throw malformed("expected :") }
            pairs.append(Value.Pair(key, try value(depth: depth + 1)))
            guard skip(",") || peek == UInt8(ascii: "}") else { throw malformed("expected , or }") }
        }
        return pairs.keepingLastOfEachKey()
    }

    // MARK: One

    private mutating func word() throws(Malformed) -> Value {
        let start = position
        while let byte = peek, byte.isWordByte { position += 1 }
        switch String(decoding: text[start..<position], as: UTF8.self) {
        case "None": return .none
        case "True": return .bool(true)
        case "False": return .bool(false)
        case "u" where isAtQuote: return .text(Text(utf8: try quoted(.text)))
        case "b" where isAtQuote: return .bytes(try quoted(.bytes))
        default:
            position = start
            throw malformed("expected a literal")
        }
    }

    private mutating func number() throws(Malformed) -> Value {
        let start = position
        while let byte = peek, byte.isWordByte || "+-.".utf8.contains(byte) { position += 1 }
        var digits = text[start..<position]
        // How Python 2 marks its longer integers.
        if digits.last == UInt8(ascii: "L") { digits.removeLast() }
        if let value = BigInteger.value(decimal: digits) { return value }
        if digits.count <= Self.floatBytesMax, digits.contains(where: { ".eE".utf8.contains($0) }),
            let float = Double(String(decoding: digits, as: UTF8.self)), float.isFinite
        {
            return .float(float)
        }
        position = start
        throw malformed("expected a number")
    }

    private enum Quoted {
        case text, bytes
    }

    /// The content between quotes, with its escapes resolved.
    private mutating func quoted(_ kind: Quoted) throws(Malformed) -> [UInt8] {
        let start = position
        let quote = text[position]
        position += 1
        var content: [UInt8] = []
        while let byte = peek {
            switch byte {
            case quote:
                position += 1
                guard kind == .bytes || Text(utf8: content).isWellFormed else { throw malformed("text is not UTF-8") }
                return content
            case UInt8(ascii: "\\"): try escape(kind, into: &content)
            case UInt8(ascii: "\n"): throw malformed("a line ends within quotes")
            default:
                content.append(byte)
                position += 1
            }
        }
        position = start
        throw malformed("quotes are not closed")
    }

    private mutating func escape(_ kind: Quoted, into content: inout [UInt8]) throws(Malformed) {
        position += 1
        guard let byte = peek else { throw malformed("quotes are not closed") }
        position += 1
        switch (byte, kind) {
        case (UInt8(ascii: "\\"), _), (UInt8(ascii: "'"), _), (UInt8(ascii: "\""), _): content.append(byte)
        case (UInt8(ascii: "n"), _): content.append(0x0A)
        case (UInt8(ascii: "r"), _): content.append(0x0D)
        case (UInt8(ascii: "t"), _): content.append(0x09)
        case (UInt8(ascii: "a"), _): content.append(0x07)
        case (UInt8(ascii: "b"), _): content.append(0x08)
        case (UInt8(ascii: "f"), _): content.append(0x0C)
        case (UInt8(ascii: "v"), _): content.append(0x0B)
        case (UInt8(ascii: "x"), .bytes): content.append(UInt8(try hex(2)))
        case (UInt8(ascii: "x"), .text): content.append(codePoint: try hex(2))
        case (UInt8(ascii: "u"), .text): content.append(codePoint: try hex(4))
        case (UInt8(ascii: "U"), .text): content.append(codePoint: try hex(8))
        case (UInt8(ascii: "0")...UInt8(ascii: "7"), _):
            position -= 1
            let scalar = octal()
            if kind == .text { content.append(codePoint: scalar) } else { content.append(UInt8(scalar & 0xFF)) }
        default: throw malformed("unknown escape \\\(Unicode.Scalar(byte))")
        }
    }

    private mutating func hex(_ digits: Int) throws(Malformed) -> UInt32 {
        var number: UInt32 = 0
        for _ in 0..<digits {
            guard let byte = peek, let digit = byte.hexDigit else { throw malformed("expected \(digits) digits") }
            number = number << 4 | digit
            position += 1
        }
        guard number <= 0x10_FFFF else { throw malformed("there is no such character") }
        return number
    }

    /// One to three digits.
    private mutating func octal() -> UInt32 {
        var number: UInt32 = 0
        var digits = 0
        while digits < 3, let byte = peek, (0x30...0x37).contains(byte) {
            number = number << 3 | UInt32(byte - 0x30)
            digits += 1
            position += 1
        }
        return number
    }

    // MARK: Bytes

    private var peek: UInt8? { position < text.endIndex ? text[position] : nil }
    private var isAtQuote: Bool { peek == UInt8(ascii: "'") || peek == UInt8(ascii: "\"") }

    private mutating func skipSpace() {
        while let byte = peek, byte == 0x20 || (0x09...0x0D).contains(byte) { position += 1 }
    }

    /// Skips white space and then `scalar`, if it is there.
    private mutating func skip(_ scalar: Unicode.Scalar) -> Bool {
        skipSpace()
        guard peek == UInt8(ascii: scalar) else { return false }
        position += 1
        return true
    }

    private func malformed(_ why: String) -> Malformed { Malformed(why: why, offset: position) }

    private static let floatBytesMax = 64
}

extension Value {
    /// Python hashes everything but lists and dicts, and tuples that hold them.
    fileprivate var canBeKey: Bool {
        var traversal = ValueTraversal(self)
        while let step = traversal.next() {
            if case .open(let kind, _, _) = step, kind != .tuple { return false }
        }
        return true
    }
}

extension UInt8 {
    fileprivate var isWordByte: Bool {
        switch self {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F: true
        default: false
        }
    }

    fileprivate var hexDigit: UInt32? {
        switch self {
        case 0x30...0x39: UInt32(self - 0x30)
        case 0x41...0x46: UInt32(self - 0x41 + 10)
        case 0x61...0x66: UInt32(self - 0x61 + 10)
        default: nil
        }
    }
}

extension [UInt8] {
    /// Appends a code point as UTF-8, a surrogate as three bytes.
    fileprivate mutating func append(codePoint scalar: UInt32) {
        let count = scalar < 0x80 ? 1 : scalar < 0x800 ? 2 : scalar < 0x1_0000 ? 3 : 4
        guard count > 1 else { return append(UInt8(scalar)) }
        let lead: UInt8 = count == 2 ? 0xC0 : count == 3 ? 0xE0 : 0xF0
        append(lead | UInt8(scalar >> UInt32(6 * (count - 1))))
        for place in (0..<(count - 1)).reversed() {
            append(0x80 | UInt8(scalar >> UInt32(6 * place) & 0x3F))
        }
    }
}
