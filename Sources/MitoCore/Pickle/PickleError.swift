/// Why bytes are no pickle that a context takes: what is wrong, and at which byte.
public struct PickleError: Error, Hashable, Sendable {
    /// What is wrong.
    public enum Reason: Error, Hashable, Sendable {
        /// The bytes end before the pickle does.
        case truncated
        /// The first two bytes are not `80 02`.
        case notProtocol2
        /// An instruction that no writer of this protocol needs.
        case opcode(UInt8)
        /// Digits that are no number, or too many of them.
        case badInteger
        /// Text that is not UTF-8, surrogates allowed.
        case badText
        /// A length below zero.
        case negativeLength
        /// An instruction wants more values than there are above the last mark.
        case missingValue
        /// An instruction wants a mark, and there is none.
        case missingMark
        /// An instruction met a value of the wrong kind.
        case expected(String)
        /// The memo has nothing under this number.
        case memo(UInt32)
        /// A list or a dict holds itself, or was changed after it was put somewhere.
        case changedAfterUse
        /// A list or a dict as a key.
        case unhashableKey
        /// More than so many values within one another.
        case tooDeep(max: Int)
        /// More than so many bytes, counted as if nothing were shared.
        case tooLarge(max: Int)
        /// A name that is not on the list of what may be built.
        case forbidden(module: String, name: String)
        /// A name from the list, with arguments that it does not take.
        case invalid(String)
    }

    public var reason: Reason
    /// Where the instruction that failed starts, counted from the start of the payload.
    public var offset: Int

    public init(_ reason: Reason, at offset: Int) {
        self.reason = reason
        self.offset = offset
    }
}

extension PickleError: CustomStringConvertible {
    /// One sentence, as a caller sees it in a stream error. The first two are the original's own words.
    public var description: String {
        switch reason {
        case .forbidden(let module, let name): "cannot unpickle \(Value.text(module))/\(Value.text(name))"
        case .invalid(let why): "invalid message: \(why)"
        default: "not a pickle: \(sentence), at byte \(offset)"
        }
    }

    private var sentence: String {
        switch reason {
        case .truncated: "it ends too early"
        case .notProtocol2: "it does not start as protocol 2 does"
        case .opcode(let byte): "unexpected instruction \(byte)"
        case .badInteger: "an integer is malformed or has more than \(BigInteger.digitsMax) digits"
        case .badText: "text is not UTF-8"
        case .negativeLength: "a length is negative"
        case .missingValue: "a value is missing"
        case .missingMark: "a mark is missing"
        case .expected(let kind): "expected \(kind)"
        case .memo(let number): "nothing was memoised under \(number)"
        case .changedAfterUse: "a list or dict holds itself, or changes after it was used"
        case .unhashableKey: "a list or dict cannot be a key"
        case .tooDeep(let max): "values are nested more than \(max) deep"
        case .tooLarge(let max): "it unfolds to more than \(max) bytes"
        case .forbidden, .invalid: ""
        }
    }
}
