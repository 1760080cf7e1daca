import MitoCore

extension Optional: DirectlyEncodable where Wrapped: Encodable {
    func value(at place: CodingPlace) throws -> Value { try map { try place.encode($0) } ?? .none }
}

extension Optional: DirectlyDecodable where Wrapped: Decodable {
    init(_ value: Value, at place: CodingPlace) throws {
        self = value == .none ? nil : try place.decode(Wrapped.self, from: value)
    }
}

extension Array: DirectlyEncodable where Element: Encodable {
    func value(at place: CodingPlace) throws -> Value {
        if let bytes = self as? [UInt8], Element.self == UInt8.self { return .bytes(bytes) }
        return .list(try place.encodeItems(of: self))
    }
}

extension Array: DirectlyDecodable where Element: Decodable {
    init(_ value: Value, at place: CodingPlace) throws {
        switch value {
        case .bytes(let bytes), .blob(let bytes):
            guard let same = bytes as? Self, Element.self == UInt8.self else { throw place.mismatch(Self.self, value) }
            self = same
        case .list(let items), .tuple(let items):
            let holder = try place.entered()
            self = []
            reserveCapacity(items.count)
            for (index, item) in items.enumerated() {
                append(try holder[ItemKey(index)].decode(Element.self, from: item))
            }
        default: throw place.mismatch(Self.self, value)
        }
    }
}

extension Set: DirectlyEncodable where Element: Encodable {
    /// Sorted: the order of a set is another in every process, and equal sets must travel as equal lists.
    func value(at place: CodingPlace) throws -> Value {
        .list(try place.encodeItems(of: self).map(Sortable.init).sorted().map(\.value))
    }
}

extension Dictionary: DirectlyEncodable where Key: Encodable, Value: Encodable {
    /// Sorted, for the same reason.
    func value(at place: CodingPlace) throws -> MitoCore.Value {
        let holder = try place.entered(with: self)
        var pairs: [(key: Sortable, value: MitoCore.Value)] = []
        pairs.reserveCapacity(count)
        for (key, value) in self {
            let encodedKey = try holder[NameKey("key")].encode(key)
            let part = holder[NameKey(encodedKey.string ?? encodedKey.description(limit: 100))]
            pairs.append((Sortable(encodedKey), try part.encode(value)))
        }
        pairs.sort { $0.key < $1.key }
        if pairs.allSatisfy(\.key.value.isPlain) { return .dict(pairs.map { .init($0.key.value, $0.value) }) }
        return .list(pairs.flatMap { [$0.key.value, $0.value] })
    }
}

extension Dictionary: DirectlyDecodable where Key: Decodable, Value: Decodable {
    init(_ value: MitoCore.Value, at place: CodingPlace) throws {
        self = [:]
        let holder = try place.entered()
        switch value {
        case .dict(let pairs), .keywords(let pairs):
            reserveCapacity(pairs.count)
            for pair in pairs { try add(pair.key, pair.value, in: holder) }
        case .list(let items), .tuple(let items):
            guard items.count.isMultiple(of: 2) else { throw place.corrupted("the last key stands for nothing") }
            for index in stride(from: 0, to: items.count, by: 2) {
                try add(items[index], items[index + 1], in: holder)
            }
        default: throw place.mismatch(Self.self, value)
        }
    }

    private mutating func add(
        _ key: MitoCore.Value, _ value: MitoCore.Value, in holder: CodingHolder
    ) throws {
        let place = holder[NameKey(key.string ?? key.description(limit: 100))]
        let isNew =
            updateValue(
                try place.decode(Value.self, from: value), forKey: try place.decode(Key.self, from: key)) == nil
        guard isNew else { throw place.corrupted("two keys are one as \(Key.self)") }
    }
}

extension CodingPlace {
    fileprivate func encodeItems<Items: Collection>(of items: Items) throws -> [Value] where Items.Element: Encodable {
        let holder = try entered(with: items)
        var values: [Value] = []
        values.reserveCapacity(items.count)
        for item in items { values.append(try holder[ItemKey(values.count)].encode(item)) }
        return values
    }
}

extension Value {
    /// May it be a key of a dict everywhere?
    fileprivate var isPlain: Bool {
        switch self {
        case .none, .bool, .int, .bigInt, .float, .bytes, .text: true
        default: false
        }
    }
}

/// A value with a place among all values: numbers and text by themselves, the rest by its bytes.
private struct Sortable: Comparable {
    let value: Value
    private let bytes: [UInt8]

    init(_ value: Value) {
        self.value = value
        switch value {
        case .int: bytes = []
        case .text(let text): bytes = text.utf8
        default: bytes = value.pickled()
        }
    }

    static func == (a: Sortable, b: Sortable) -> Bool { a.value == b.value }

    static func < (a: Sortable, b: Sortable) -> Bool {
        if case .int(let x) = a.value, case .int(let y) = b.value { return x < y }
        return a.bytes.lexicographicallyPrecedes(b.bytes)
    }
}
