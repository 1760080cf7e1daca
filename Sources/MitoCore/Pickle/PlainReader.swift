/// Reads what nearly all traffic is made of without a machine: values that hold no other, as `PickleWriter` writes
/// them.
///
/// It says nil to whatever it does not know, and reads nothing that `PickleReader`, which then has the word, would read
/// otherwise. The payload comes in with every call, since nothing can keep a span.
///
/// ```swift
/// var reader = PlainReader()
/// if let value = reader.leaf(payload) { … }
/// ```
struct PlainReader {
    /// How much was read.
    private(set) var offset = 0

    /// A value that holds no other.
    mutating func leaf(_ payload: Span<UInt8>) -> Value? {
        guard offset < payload.count else { return nil }
        switch payload[offset] {
        case PickleOpcode.none.rawValue: return taken(1, .none)
        case PickleOpcode.newTrue.rawValue: return taken(1, .bool(true))
        case PickleOpcode.newFalse.rawValue: return taken(1, .bool(false))
        case PickleOpcode.binInt1.rawValue:
            return littleEndian(payload, 1).map { .int(Int64($0)) }
        case PickleOpcode.binInt2.rawValue:
            return littleEndian(payload, 2).map { .int(Int64($0)) }
        case PickleOpcode.binInt.rawValue:
            return littleEndian(payload, 4).map { .int(Int64(Int32(bitPattern: $0))) }
        case PickleOpcode.binString.rawValue:
            return content(payload).map { .bytes([UInt8](payload.extracting($0))) }
        case PickleOpcode.binUnicode.rawValue:
            guard let range = content(payload) else { return nil }
            let text = Text(utf8: [UInt8](payload.extracting(range)))
            return text.isWellFormed ? .text(text) : nil
        default: return nil
        }
    }

    /// ASCII.
    mutating func text(_ payload: Span<UInt8>) -> String? {
        guard offset < payload.count, payload[offset] == PickleOpcode.binUnicode.rawValue,
            let range = content(payload)
        else { return nil }
        for place in range where payload[place] >= 0x80 { return nil }
        return unsafe payload.extracting(range).withUnsafeBufferPointer { unsafe String(decoding: $0, as: UTF8.self) }
    }

    /// A tuple of values that hold no other.
    mutating func tuple(_ payload: Span<UInt8>) -> [Value]? {
        let isMarked = skip(.mark, payload)
        var values: [Value] = []
        while let value = leaf(payload) { values.append(value) }
        let isClosed =
            switch values.count {
            case _ where isMarked: skip(.tuple, payload)
            case 0: skip(.emptyTuple, payload)
            case 1: skip(.tuple1, payload)
            case 2: skip(.tuple2, payload)
            case 3: skip(.tuple3, payload)
            default: false
            }
        return isClosed ? values : nil
    }

    /// Passes one instruction, if it is the next.
    mutating func skip(_ opcode: PickleOpcode, _ payload: Span<UInt8>) -> Bool {
        guard offset < payload.count, payload[offset] == opcode.rawValue else { return false }
        offset += 1
        return true
    }

    /// Passes bytes, if they are the next.
    mutating func skip(_ bytes: [UInt8], _ payload: Span<UInt8>) -> Bool {
        guard bytes.count <= payload.count - offset else { return false }
        for place in bytes.indices where payload[offset + place] != bytes[place] { return false }
        offset += bytes.count
        return true
    }

    // MARK: What follows an instruction

    private mutating func taken(_ count: Int, _ value: Value) -> Value {
        offset += count
        return value
    }

    private mutating func littleEndian(_ payload: Span<UInt8>, _ count: Int) -> UInt32? {
        guard count < payload.count - offset else { return nil }
        var word: UInt32 = 0
        for place in (1...count).reversed() { word = word << 8 | UInt32(payload[offset + place]) }
        offset += 1 + count
        return word
    }

    /// Where the text or the bytes lie whose length comes first.
    private mutating func content(_ payload: Span<UInt8>) -> Range<Int>? {
        let before = offset
        guard let length = littleEndian(payload, 4), Int(length) <= payload.count - offset else {
            offset = before
            return nil
        }
        defer { offset += Int(length) }
        return offset..<(offset + Int(length))
    }
}

extension PlainReader {
    /// The first value of a payload, if it holds no other; what follows it is not looked at.
    static func value(of payload: Span<UInt8>) -> Value? {
        var reader = PlainReader()
        guard reader.skip(PickleWriter.start, payload), let value = reader.leaf(payload) else { return nil }
        return reader.skip(.stop, payload) ? value : nil
    }
}

extension CallPayload {
    /// A short call without keywords whose arguments hold no other values; nil for any other.
    init?(plain payload: Span<UInt8>) {
        // So short that no limit on what it unfolds to can be reached.
        guard payload.count <= Self.plainBytesMax else { return nil }
        var reader = PlainReader()
        func textOrNone() -> String?? { reader.skip(.none, payload) ? .some(nil) : reader.text(payload).map { $0 } }
        guard reader.skip(PickleWriter.start, payload), reader.skip(.mark, payload),
            let chain = textOrNone(), chain?.utf8.count ?? 0 <= Self.chainBytesMax,
            let module = reader.text(payload), let type = textOrNone(), let function = reader.text(payload),
            let arguments = reader.tuple(payload),
            reader.skip(PickleWriter.noKeywords, payload),
            reader.skip(.tuple, payload), reader.skip(.stop, payload)
        else { return nil }
        self.init(
            chain: chain, name: FunctionName(module: module, type: type, function: function), arguments: arguments,
            keywords: [])
        if reader.offset < payload.count {
            extras = CallExtras(pickled: [UInt8](payload.extracting(reader.offset..<payload.count)))
        }
    }

    private static let plainBytesMax = 4096
}
