/// What a pickle may name and have built, and nothing else.
enum PickleGlobal: Sendable {
    case callError, context, sender, blob, secret, keywords
    /// How Python 3 writes bytes: text whose code points are the bytes.
    case latin1
    /// How Python 3 writes no bytes at all.
    case emptyBytes

    init?(module: String, name: String) {
        switch (module, name) {
        // Every call has one.
        case ("mitogen.core", "Kwargs"): self = .keywords
        case ("mitogen.core", "_unpickle_call_error"), ("mitogen.core", "CallError"): self = .callError
        case ("mitogen.core", "_unpickle_context"): self = .context
        case ("mitogen.core", "_unpickle_sender"): self = .sender
        case ("mitogen.core", "Blob"): self = .blob
        case ("mitogen.core", "Secret"): self = .secret
        case ("_codecs", "encode"): self = .latin1
        case ("__builtin__", "bytes"): self = .emptyBytes
        default: return nil
        }
    }

    /// Builds the value, or says which argument is wrong.
    func build(_ arguments: [Value]) throws(PickleError.Reason) -> Value {
        switch (self, arguments.count) {
        case (.callError, 1):
            guard case .text(let text) = arguments[0] else { throw .invalid("a CallError takes text") }
            guard text.codePointCount(max: FunctionError.callErrorScalarsMax) != nil else {
                throw .invalid("a CallError takes at most \(FunctionError.callErrorScalarsMax) characters")
            }
            return .callError(text.string)
        case (.context, 2):
            return .context(try Self.contextID(arguments[0]), name: try Self.contextName(arguments[1]))
        case (.sender, 2):
            let id = try Self.contextID(arguments[0])
            guard case .int(let number) = arguments[1], let handle = UInt32(exactly: number), handle > 0 else {
                throw .invalid("a handle is an int from 1 to 4294967295")
            }
            return .sender(id, Handle(handle))
        case (.blob, 1):
            guard case .bytes(let bytes) = arguments[0] else { throw .invalid("a Blob takes bytes") }
            return .blob(bytes)
        case (.secret, 1):
            guard case .text(let text) = arguments[0] else { throw .invalid("a Secret takes text") }
            return .secret(text)
        case (.keywords, 1):
            guard case .dict(let pairs) = arguments[0] else { throw .invalid("Kwargs takes a dict") }
            return .keywords(try Self.keywords(pairs))
        case (.latin1, 1), (.latin1, 2):
            guard case .text(let text) = arguments[0], let bytes = text.latin1 else {
                throw .invalid("bytes are written as text of characters below 256")
            }
            return .bytes(bytes)
        case (.emptyBytes, 0):
            return .bytes([])
        default:
            throw .invalid("\(self) does not take \(arguments.count) arguments")
        }
    }

    private static func contextID(_ value: Value) throws(PickleError.Reason) -> ContextID {
        guard case .int(let number) = value, let id = UInt32(exactly: number) else {
            throw .invalid("a context id is an int from 0 to 4294967295")
        }
        return ContextID(id)
    }

    private static func contextName(_ value: Value) throws(PickleError.Reason) -> Text? {
        switch value {
        case .none: return nil
        case .text(let text) where text.codePointCount(max: contextNameMax) != nil: return text
        default: throw .invalid("a context's name is None or text of at most \(contextNameMax) characters")
        }
    }

    /// Python 2 sends its keywords as bytes; here they are text.
    private static func keywords(_ pairs: [Value.Pair]) throws(PickleError.Reason) -> [Value.Pair] {
        var keywords: [Value.Pair] = []
        keywords.reserveCapacity(pairs.count)
        for pair in pairs {
            switch pair.key {
            case .text: keywords.append(pair)
            case .bytes(let bytes) where Text(utf8: bytes).isWellFormed:
                keywords.append(Value.Pair(.text(Text(utf8: bytes)), pair.value))
            default: throw .invalid("the keys of Kwargs are text")
            }
        }
        return keywords.keepingLastOfEachKey()
    }

    private static let contextNameMax = 500
}

extension [Value.Pair] {
    /// As Python fills a dict: a key keeps its first place and its last value.
    func keepingLastOfEachKey() -> [Value.Pair] {
        guard count > 1 else { return self }
        var places: [Value: Int] = [:]
        places.reserveCapacity(count)
        var kept: [Value.Pair] = []
        kept.reserveCapacity(count)
        for pair in self {
            if let place = places[pair.key] {
                kept[place].value = pair.value
            } else {
                places[pair.key] = kept.count
                kept.append(pair)
            }
        }
        return kept
    }
}
