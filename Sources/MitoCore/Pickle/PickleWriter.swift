/// Writes protocol 2 in the plainest form that every reader takes: nothing is memoised, bytes stand as they are.
struct PickleWriter {
    private(set) var bytes: [UInt8]

    init() {
        bytes = []
        bytes.reserveCapacity(Self.usualByteCount)
    }

    init(appendingTo bytes: [UInt8]) { self.bytes = bytes }

    /// Appends one pickle.
    mutating func write(_ value: Value) {
        begin()
        add(value)
        end()
    }

    // MARK: A pickle in parts

    /// Begins a pickle: exactly one value must follow, then `end`.
    mutating func begin() { bytes.append(contentsOf: Self.start) }

    mutating func end() { put(.stop) }

    mutating func add(_ value: Value) {
        switch value {
        case .list, .tuple, .dict, .keywords: addAll(of: value)
        // Most values hold no other, and need no walk.
        default: writeLeaf(value)
        }
    }

    private mutating func addAll(of value: Value) {
        var traversal = ValueTraversal(value)
        while let step = traversal.next() {
            switch step {
            case .leaf(let leaf, _): writeLeaf(leaf)
            case .open(let kind, let count, _): open(kind, count)
            case .close(let kind, let count): close(kind, count)
            }
        }
    }

    /// Text, or None.
    mutating func add(text: String?) {
        guard let text else { return put(.none) }
        let utf8 = text.utf8.span
        put(.binUnicode)
        appendLength(utf8.count)
        bytes.append(utf8)
    }

    /// A tuple of `values`.
    mutating func add(tuple values: [Value]) {
        open(.tuple, values.count)
        for value in values { add(value) }
        close(.tuple, values.count)
    }

    /// Keyword arguments; most calls have none.
    mutating func add(keywords pairs: [Value.Pair]) {
        if pairs.isEmpty { bytes.append(contentsOf: Self.noKeywords) } else { add(.keywords(pairs)) }
    }

    /// Begins what holds `count` values; that many must follow, then `close`.
    mutating func open(_ kind: ValueTraversal.Kind, _ count: Int) {
        switch kind {
        case .list: put(.emptyList)
        case .tuple:
            if count > 3 { put(.mark) }
            return
        case .dict: put(.emptyDict)
        case .keywords:
            global("Kwargs")
            put(.emptyDict)
        }
        if count > 0 { put(.mark) }
    }

    mutating func close(_ kind: ValueTraversal.Kind, _ count: Int) {
        switch kind {
        case .list: if count > 0 { put(.appends) }
        case .tuple:
            switch count {
            case 0: put(.emptyTuple)
            case 1: put(.tuple1)
            case 2: put(.tuple2)
            case 3: put(.tuple3)
            default: put(.tuple)
            }
        case .dict: if count > 0 { put(.setItems) }
        case .keywords:
            if count > 0 { put(.setItems) }
            put(.tuple1)
            put(.reduce)
        }
    }

    // MARK: Inside

    private mutating func writeLeaf(_ value: Value) {
        switch value {
        case .none: put(.none)
        case .bool(let flag): put(flag ? .newTrue : .newFalse)
        case .int(let number): write(number)
        case .bigInt(let number): write(littleEndian: number)
        case .float(let number):
            put(.binFloat)
            append(number.bitPattern.byteSwapped, count: 8)
        case .bytes(let content): write(.binString, content)
        case .text(let text): write(.binUnicode, text.utf8)
        case .blob(let content):
            global("Blob")
            write(.binString, content)
            reduce(.tuple1)
        case .secret(let text):
            global("Secret")
            write(.binUnicode, text.utf8)
            reduce(.tuple1)
        case .callError(let text):
            global("_unpickle_call_error")
            add(text: text)
            reduce(.tuple1)
        case .context(let id, let name):
            global("_unpickle_context")
            write(Int64(id.rawValue))
            if let name { write(.binUnicode, name.utf8) } else { put(.none) }
            reduce(.tuple2)
        case .sender(let id, let handle):
            global("_unpickle_sender")
            write(Int64(id.rawValue))
            write(Int64(handle.rawValue))
            reduce(.tuple2)
        case .list, .tuple, .dict, .keywords:
            preconditionFailure("a traversal opens what holds other values")
        }
    }

    private mutating func write(_ number: Int64) {
        if let small = UInt8(exactly: number) {
            put(.binInt1)
            bytes.append(small)
        } else if let word = UInt16(exactly: number) {
            put(.binInt2)
            append(UInt64(word), count: 2)
        } else if let word = Int32(exactly: number) {
            put(.binInt)
            append(UInt64(UInt32(bitPattern: word)), count: 4)
        } else {
            let word = UInt64(bitPattern: number)
            write(littleEndian: (0..<8).map { UInt8(truncatingIfNeeded: word >> ($0 * 8)) })
        }
    }

    private mutating func write(littleEndian number: [UInt8]) {
        let shortest = BigInteger.shortened(number)
        if let count = UInt8(exactly: shortest.count) {
            put(.long1)
            bytes.append(count)
        } else {
            put(.long4)
            appendLength(shortest.count)
        }
        bytes.append(contentsOf: shortest)
    }

    private mutating func write(_ opcode: PickleOpcode, _ content: [UInt8]) {
        put(opcode)
        appendLength(content.count)
        bytes.append(contentsOf: content)
    }

    private mutating func global(_ name: StaticString) {
        put(.global)
        bytes.append(contentsOf: "mitogen.core\n".utf8)
        unsafe bytes.append(contentsOf: UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
        bytes.append(UInt8(ascii: "\n"))
    }

    private mutating func reduce(_ tuple: PickleOpcode) {
        put(tuple)
        put(.reduce)
    }

    /// How every pickle begins.
    static let start: [UInt8] = [PickleOpcode.proto.rawValue, 2]
    /// Keyword arguments of a call that has none.
    static let noKeywords: [UInt8] = {
        var writer = PickleWriter()
        writer.open(.keywords, 0)
        writer.close(.keywords, 0)
        return writer.bytes
    }()
    /// Room for a short call or reply.
    private static let usualByteCount = 128

    private mutating func put(_ opcode: PickleOpcode) { bytes.append(opcode.rawValue) }

    private mutating func appendLength(_ length: Int) {
        precondition(length <= Int32.max, "a pickle has no room for a length of \(length) bytes")
        append(UInt64(length), count: 4)
    }

    /// Little-endian.
    @inline(__always)
    private mutating func append(_ word: UInt64, count: Int) {
        var little = InlineArray<8, UInt8>(repeating: 0)
        for place in 0..<count { little[place] = UInt8(truncatingIfNeeded: word >> (place * 8)) }
        bytes.append(little.span.extracting(first: count))
    }
}

extension Value {
    /// This value as one pickle, which every Mitogen since 0.3 and every Python since 2.7 reads.
    public func pickled() -> [UInt8] {
        var writer = PickleWriter()
        writer.write(self)
        return writer.bytes
    }

    /// Several values as one payload, one pickle after another.
    public static func pickled(_ values: [Value]) -> [UInt8] {
        var writer = PickleWriter()
        for value in values { writer.write(value) }
        return writer.bytes
    }

    /// Appends this value as one pickle.
    public func pickle(into bytes: inout [UInt8]) {
        var taken: [UInt8] = []
        swap(&taken, &bytes)
        var writer = PickleWriter(appendingTo: taken)
        taken = []
        writer.write(self)
        bytes = writer.bytes
    }
}
