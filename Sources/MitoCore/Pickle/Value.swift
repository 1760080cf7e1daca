/// Everything that may travel as an argument or a result: what the readers of the original accept, and no more.
///
/// Text keeps its bytes, so that lone surrogates, which Python may send, survive; `text` and `bytes` never meet.
/// A dict is its pairs in order. A Swift `Set` travels as a list.
public enum Value: Hashable, Sendable {
    case none
    case bool(Bool)
    case int(Int64)
    /// An integer outside 64 bits: little-endian two's complement, shortest form. Smaller numbers are always `.int`.
    case bigInt([UInt8])
    case float(Double)
    case bytes([UInt8])
    case text(Text)
    case list([Value])
    case tuple([Value])
    case dict([Pair])
    /// Bytes that logs leave out.
    case blob([UInt8])
    /// Text that logs leave out.
    case secret(Text)
    case callError(String)
    case context(ContextID, name: Text?)
    case sender(ContextID, Handle)
    /// Keyword arguments of a call: a dict whose keys are text.
    case keywords([Pair])

    public struct Pair: Hashable, Sendable {
        public var key: Value
        public var value: Value

        public init(_ key: Value, _ value: Value) {
            self.key = key
            self.value = value
        }
    }
}

/// Text as it stands on the wire: UTF-8 that may also hold surrogates as three-byte sequences, which no `String` can.
public struct Text: Hashable, Sendable {
    public var utf8: [UInt8]

    public init(utf8: [UInt8]) { self.utf8 = utf8 }
    public init(_ string: String) { utf8 = Array(string.utf8) }

    /// The text for people: what is not valid UTF-8 shows as U+FFFD.
    public var string: String { String(decoding: utf8, as: UTF8.self) }
}

extension Value: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral {
    public init(stringLiteral value: String) { self = .text(Text(value)) }
    public init(integerLiteral value: Int64) { self = .int(value) }
    public init(booleanLiteral value: Bool) { self = .bool(value) }
}

extension Value {
    /// Text from a Swift string.
    public static func text(_ string: String) -> Value { .text(Text(string)) }
}
