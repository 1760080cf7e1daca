/// Reads the pickles of one payload, written for bytes that an enemy made.
///
/// Nothing recurses, nothing is allocated before its bytes are there, and time is in proportion to the payload. A value
/// is at most `depthMax` deep and, counted as if nothing were shared, at most `Limits.weightMax` large, so that whoever
/// walks, prints, compares or frees it is bounded as well. Nothing is ever built but what `Value` has cases for.
///
/// ```swift
/// var reader = PickleReader(message.payload)
/// while let value = try reader.next() { … }
/// ```
public struct PickleReader: Sendable {
    /// How much a payload may unfold to.
    public struct Limits: Hashable, Sendable {
        /// Values within one another; the deepest tree that every thread's stack can compare and free.
        public var depthMax = PickleReader.depthMax
        /// Bytes of a value as if nothing were shared, 32 for each value in it beside its text or bytes. The same
        /// number bounds all work for one payload.
        public var weightMax: Int

        /// The limits for a payload of so many bytes: 256 MiB, or twice the payload where that is more.
        public init(payloadBytes: Int) { weightMax = max(256 * 1024 * 1024, payloadBytes * 2) }
    }

    public static let depthMax = 250

    private var input: PickleInput
    private var heap: PickleHeap
    private var offset = 0

    /// A reader of `payload`, which holds one pickle after another.
    public init(_ payload: [UInt8]) { self.init(payload, limits: Limits(payloadBytes: payload.count)) }

    public init(_ payload: [UInt8], limits: Limits) {
        input = PickleInput(payload)
        heap = PickleHeap(limits: limits)
    }

    /// The next value, or nil after the last. What one pickle memoised, the next may fetch. Ends with the first error.
    public mutating func next() throws(PickleError) -> Value? {
        guard !input.isAtEnd else { return nil }
        do throws(PickleError.Reason) {
            return try load()
        } catch {
            input.skipToEnd()
            throw PickleError(error, at: offset)
        }
    }

    private mutating func load() throws(PickleError.Reason) -> Value {
        offset = input.position
        guard try input.byte() == PickleOpcode.proto.rawValue, try input.byte() == 2 else { throw .notProtocol2 }
        heap.beginPickle()
        while true {
            offset = input.position
            let byte = try input.byte()
            guard let opcode = PickleOpcode(rawValue: byte) else { throw .opcode(byte) }
            if opcode == .stop { return try heap.popValue() }
            try perform(opcode)
        }
    }

    private mutating func perform(_ opcode: PickleOpcode) throws(PickleError.Reason) {
        switch opcode {
        case .none: try heap.push(.none)
        case .newTrue: try heap.push(.bool(true))
        case .newFalse: try heap.push(.bool(false))
        case .int: try heap.push(integerLine())
        case .binInt: try heap.push(.int(Int64(Int32(bitPattern: input.word32()))))
        case .binInt1: try heap.push(.int(Int64(input.byte())))
        case .binInt2: try heap.push(.int(Int64(input.word16())))
        case .long1: try heap.push(integer(count: Int(input.byte())))
        case .long4: try heap.push(integer(count: input.length32()))
        case .binFloat: try heap.push(.float(Double(bitPattern: input.bigEndian64())))
        case .binUnicode: try heap.push(text(count: Int(input.word32())))
        case .shortBinString: try heap.push(bytes(count: Int(input.byte())))
        case .binString: try heap.push(bytes(count: input.length32()))
        case .emptyList: try heap.pushContainer(.list)
        case .append: try heap.append(fromMark: false)
        case .appends: try heap.append(fromMark: true)
        case .emptyDict: try heap.pushContainer(.dict)
        case .setItem: try heap.setItems(fromMark: false)
        case .setItems: try heap.setItems(fromMark: true)
        case .mark: try heap.pushMark()
        case .emptyTuple: try heap.pushTuple(count: 0)
        case .tuple: try heap.pushTupleFromMark()
        case .tuple1: try heap.pushTuple(count: 1)
        case .tuple2: try heap.pushTuple(count: 2)
        case .tuple3: try heap.pushTuple(count: 3)
        case .binPut: try heap.put(UInt32(input.byte()), bytesRead: input.position)
        case .longBinPut: try heap.put(input.word32(), bytesRead: input.position)
        case .binGet: try heap.get(UInt32(input.byte()))
        case .longBinGet: try heap.get(input.word32())
        case .pop: try heap.pop()
        case .popMark: try heap.popMark()
        case .global: try heap.push(global())
        case .reduce: try heap.reduce()
        case .proto, .stop: throw .opcode(opcode.rawValue)
        }
    }

    // MARK: What follows an instruction

    private mutating func bytes(count: Int) throws(PickleError.Reason) -> Value { .bytes(Array(try input.take(count))) }

    private mutating func text(count: Int) throws(PickleError.Reason) -> Value {
        let text = Text(utf8: Array(try input.take(count)))
        guard text.isWellFormed else { throw .badText }
        return .text(text)
    }

    private mutating func integer(count: Int) throws(PickleError.Reason) -> Value {
        BigInteger.value(littleEndian: try input.take(count))
    }

    private mutating func integerLine() throws(PickleError.Reason) -> Value {
        let line = try input.line(bytesMax: BigInteger.digitsMax + 1)
        if line.elementsEqual("00".utf8) { return .bool(false) }
        if line.elementsEqual("01".utf8) { return .bool(true) }
        guard let value = BigInteger.value(decimal: line) else { throw .badInteger }
        return value
    }

    private mutating func global() throws(PickleError.Reason) -> PickleGlobal {
        let module = String(decoding: try input.line(bytesMax: Self.nameBytesMax), as: UTF8.self)
        let name = String(decoding: try input.line(bytesMax: Self.nameBytesMax), as: UTF8.self)
        guard let global = PickleGlobal(module: module, name: name) else {
            throw .forbidden(module: module, name: name)
        }
        return global
    }

    private static let nameBytesMax = 1024
}

extension Value {
    /// The first value of a payload; what follows it is not looked at.
    public init(pickled payload: [UInt8]) throws(PickleError) {
        if let plain = PlainReader.value(of: payload.span) {
            self = plain
        } else {
            try self.init(firstOf: PickleReader(payload))
        }
    }

    /// The same for a payload that lies somewhere; it is copied only when it must be.
    init(pickled payload: Span<UInt8>) throws(PickleError) {
        if let plain = PlainReader.value(of: payload) {
            self = plain
        } else {
            try self.init(firstOf: PickleReader([UInt8](payload)))
        }
    }

    private init(firstOf reader: consuming PickleReader) throws(PickleError) {
        guard let value = try reader.next() else { throw PickleError(.truncated, at: 0) }
        self = value
    }
}
