extension Value: CustomStringConvertible {
    /// The value as Python would print it. What logs leave out stays out: `Secret(...)`, `Blob(2 bytes)`.
    public var description: String { description(limit: .max) }

    /// The first `limit` characters of the description, and `…` when there are more. Looks at no more than it prints.
    public func description(limit: Int) -> String {
        // What most calls return.
        if case .none = self, limit >= 4 { return "None" }
        if case .int(let number) = self, limit >= Self.intDigitsMax { return String(number) }
        var printer = ValuePrinter(.display, limit: limit)
        printer.print(self)
        return printer.text
    }

    /// A literal that every Python reads back as this value, in ASCII; nil when there is none.
    var pythonLiteral: String? {
        guard isPythonLiteral else { return nil }
        var printer = ValuePrinter(.literal, limit: .max)
        printer.print(self)
        return printer.text
    }

    private static let intDigitsMax = 20

    private var isPythonLiteral: Bool {
        var traversal = ValueTraversal(self)
        while let step = traversal.next() {
            switch step {
            case .leaf(.blob, _), .leaf(.secret, _), .leaf(.callError, _), .leaf(.context, _), .leaf(.sender, _),
                .open(.keywords, _, _):
                return false
            case .leaf(.float(let number), _) where !number.isFinite: return false
            case .leaf(.bigInt(let number), _) where number.count > BigInteger.decimalBytesMax: return false
            default: continue
            }
        }
        return true
    }
}

/// Prints a value until its limit is reached.
private struct ValuePrinter {
    enum Style {
        /// For people: text as it is, as far as it can be seen.
        case display
        /// For Python 2 and 3 alike: ASCII only, other text marked as such.
        case literal
    }

    private let style: Style
    private var room: Int
    private var isCut = false
    private var utf8: [UInt8] = []

    init(_ style: Style, limit: Int) {
        self.style = style
        room = limit
    }

    var text: String { String(decoding: utf8, as: UTF8.self) + (isCut ? "…" : "") }

    mutating func print(_ value: Value) {
        var traversal = ValueTraversal(value)
        while !isCut, let step = traversal.next() {
            switch step {
            case .leaf(let leaf, let place):
                put(separator(place))
                printLeaf(leaf)
            case .open(let kind, _, let place):
                put(separator(place))
                put(Self.opening(kind))
            case .close(let kind, let count):
                put(Self.closing(kind, count))
            }
        }
    }

    private mutating func printLeaf(_ value: Value) {
        switch value {
        case .none: put("None")
        case .bool(let flag): put(flag ? "True" : "False")
        case .int(let number): put(String(number))
        case .bigInt(let number): put(BigInteger.description(littleEndian: number))
        case .float(let number): put(Self.text(number))
        case .bytes(let bytes): print(bytes)
        case .text(let text): print(text)
        case .blob(let bytes): put("Blob(\(bytes.count) bytes)")
        case .secret: put("Secret(...)")
        case .callError(let text):
            put("CallError(")
            print(Text(text))
            put(")")
        case .context(let id, let name):
            put("Context(\(id), ")
            if let name { print(name) } else { put("None") }
            put(")")
        case .sender(let id, let handle): put("Sender(\(id), \(handle))")
        case .list, .tuple, .dict, .keywords:
            preconditionFailure("a traversal opens what holds other values")
        }
    }

    private func separator(_ place: ValueTraversal.Place) -> StaticString {
        switch place {
        case .first: ""
        case .next: ", "
        case .mapped: ": "
        }
    }

    private static func opening(_ kind: ValueTraversal.Kind) -> StaticString {
        switch kind {
        case .list: "["
        case .tuple: "("
        case .dict: "{"
        case .keywords: "Kwargs({"
        }
    }

    private static func closing(_ kind: ValueTraversal.Kind, _ count: Int) -> StaticString {
        switch kind {
        case .list: "]"
        case .tuple: count == 1 ? ",)" : ")"
        case .dict: "}"
        case .keywords: "})"
        }
    }

    /// Python changes to an exponent at 1e16, Swift a little later.
    private static func text(_ number: Double) -> String {
        guard number.isFinite else { return number.isNaN ? "nan" : number < 0 ? "-inf" : "inf" }
        let text = number.description
        guard number.magnitude >= 1e16, text.hasSuffix(".0") else { return text }
        let sign = number < 0 ? "-" : ""
        let digits = text.dropFirst(sign.utf8.count).dropLast(2)
        let fraction = digits.dropFirst().reversed().drop { $0 == "0" }.reversed()
        return "\(sign)\(digits.prefix(1))\(fraction.isEmpty ? "" : "." + String(fraction))e+\(digits.utf8.count - 1)"
    }

    // MARK: Quoted

    private mutating func print(_ bytes: [UInt8]) {
        let quote = self.quote(for: bytes)
        put("b")
        put(scalar: quote)
        for byte in bytes {
            if isCut { return }
            if byte < 0x80 { putQuoted(UInt32(byte), quote) } else { putHex(UInt32(byte), "\\x", 2) }
        }
        put(scalar: quote)
    }

    private mutating func print(_ text: Text) {
        let quote = self.quote(for: text.utf8)
        if style == .literal, text.utf8.contains(where: { $0 >= 0x80 }) { put("u") }
        put(scalar: quote)
        var place = 0
        while place < text.utf8.count, !isCut {
            let (scalar, count) = text.codePoint(at: place) ?? (0xFFFD, 1)
            putQuoted(scalar, quote)
            place += count
        }
        put(scalar: quote)
    }

    /// Single quotes, unless they alone would have to be escaped in what is printed.
    private func quote(for bytes: [UInt8]) -> UInt32 {
        let seen = bytes.prefix(room)
        let single = UInt8(ascii: "'")
        let double = UInt8(ascii: "\"")
        return UInt32(seen.contains(single) && !seen.contains(double) ? double : single)
    }

    private mutating func putQuoted(_ scalar: UInt32, _ quote: UInt32) {
        switch scalar {
        case 0x0A: put("\\n")
        case 0x0D: put("\\r")
        case 0x09: put("\\t")
        case 0x5C: put("\\\\")
        case quote:
            put("\\")
            put(scalar: scalar)
        case 0x20..<0x7F: put(scalar: scalar)
        case 0..<0x80: putHex(scalar, "\\x", 2)
        default:
            if style == .display, let character = Unicode.Scalar(scalar), character.isPrintable {
                put(scalar: scalar)
            } else if scalar <= 0xFF {
                putHex(scalar, "\\x", 2)
            } else if scalar <= 0xFFFF {
                putHex(scalar, "\\u", 4)
            } else {
                putHex(scalar, "\\U", 8)
            }
        }
    }

    private mutating func putHex(_ scalar: UInt32, _ prefix: StaticString, _ digits: UInt32) {
        put(prefix)
        for place in (0..<digits).reversed() {
            put(scalar: UInt32(BigInteger.hexDigit(UInt8(scalar >> (place * 4) & 0xF))))
        }
    }

    // MARK: Sink

    private mutating func put(_ text: StaticString) { put("\(text)") }

    private mutating func put(_ text: String) {
        for scalar in text.unicodeScalars where !isCut { put(scalar: scalar.value) }
    }

    private mutating func put(scalar: UInt32) {
        guard room > 0 else {
            isCut = true
            return
        }
        room -= 1
        if scalar < 0x80 {
            utf8.append(UInt8(scalar))
        } else {
            utf8.append(contentsOf: Unicode.Scalar(scalar).map { Array(Character($0).utf8) } ?? [])
        }
    }
}

extension Unicode.Scalar {
    /// Does Python print it as it is?
    fileprivate var isPrintable: Bool {
        switch properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator,
            .spaceSeparator:
            false
        default: true
        }
    }
}
