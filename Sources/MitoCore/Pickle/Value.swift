/// Everything that may travel as an argument or a result: what the readers of the original accept, and no more.
///
/// Text keeps its bytes, so that lone surrogates, which Python may send, survive; `text` and `bytes` never meet.
/// A dict is its pairs in order, each key once. A Swift `Set` travels as a list.
///
/// Two values are equal when they are the same kind and print the same: floats are compared by their bits, so that a
/// value that came back from the wire equals the one that was sent, NaN included; 1, 1.0 and True are three keys here
/// and one in Python.
///
/// ```swift
/// let value: Value = .dict([.init("hosts", .list(["web1", "web2"]))])
/// try Value(pickled: value.pickled()) == value
/// print(value)                                    // {'hosts': ['web1', 'web2']}
/// ```
public enum Value: Sendable {
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
    /// A failure of a function: type, message and traceback as one text; at most 9,999 characters are read by anybody.
    case callError(String)
    /// A context, with the name by which its sender knows it; at most 500 characters are read by anybody.
    case context(ContextID, name: Text?)
    case sender(ContextID, Handle)
    /// Keyword arguments of a call: a dict whose keys are text.
    case keywords([Pair])

    /// A key of a dict and what it stands for.
    public struct Pair: Hashable, Sendable {
        public var key: Value
        public var value: Value

        public init(_ key: Value, _ value: Value) {
            self.key = key
            self.value = value
        }
    }
}

extension Value: Hashable {
    public static func == (a: Value, b: Value) -> Bool {
        switch (a, b) {
        case (.none, .none): true
        case (.bool(let a), .bool(let b)): a == b
        case (.int(let a), .int(let b)): a == b
        case (.float(let a), .float(let b)): a.bitPattern == b.bitPattern
        case (.bigInt(let a), .bigInt(let b)), (.bytes(let a), .bytes(let b)), (.blob(let a), .blob(let b)): a == b
        case (.text(let a), .text(let b)), (.secret(let a), .secret(let b)): a == b
        case (.list(let a), .list(let b)), (.tuple(let a), .tuple(let b)): a == b
        case (.dict(let a), .dict(let b)), (.keywords(let a), .keywords(let b)): a == b
        case (.callError(let a), .callError(let b)): a == b
        case (.context(let a, let aName), .context(let b, let bName)): a == b && aName == bName
        case (.sender(let a, let aHandle), .sender(let b, let bHandle)): a == b && aHandle == bHandle
        default: false
        }
    }

    public func hash(into hasher: inout Hasher) {
        switch self {
        case .none: hasher.combine(0)
        case .bool(let flag): hasher.combine(flag)
        case .int(let number): hasher.combine(number)
        case .float(let number): hasher.combine(number.bitPattern)
        case .bigInt(let bytes), .bytes(let bytes), .blob(let bytes): hasher.combine(bytes)
        case .text(let text), .secret(let text): hasher.combine(text)
        case .list(let items), .tuple(let items): hasher.combine(items)
        case .dict(let pairs), .keywords(let pairs): hasher.combine(pairs)
        case .callError(let text): hasher.combine(text)
        case .context(let id, _): hasher.combine(id)
        case .sender(let id, let handle):
            hasher.combine(id)
            hasher.combine(handle)
        }
    }
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
