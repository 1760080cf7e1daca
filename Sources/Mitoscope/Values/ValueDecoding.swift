import MitoCore

/// One value being taken apart by a type's `init(from:)`.
struct ValueDecoding: Decoder {
    let value: Value
    let holder: CodingHolder

    init(_ value: Value, in holder: CodingHolder) {
        self.value = value
        self.holder = holder
    }

    var codingPath: [any CodingKey] { holder.place.codingPath }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        switch value {
        case .dict(let pairs), .keywords(let pairs):
            KeyedDecodingContainer(KeyedDecoding<Key>(members: MemberTable(pairs), holder: holder))
        default: throw holder.place.mismatch([String: Value].self, value)
        }
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        guard let items = value.items else { throw holder.place.mismatch([Value].self, value) }
        return ListDecoding(items: items, holder: holder)
    }

    func singleValueContainer() -> any SingleValueDecodingContainer { self }
}

extension ValueDecoding: SingleValueDecodingContainer {
    func decodeNil() -> Bool { value == .none }
    func decode<T: Decodable>(_ type: T.Type) throws -> T { try holder.only.decode(type, from: value) }
    func decode(_ type: Int128.Type) throws -> Int128 { try .init(value, at: holder.only) }
    func decode(_ type: UInt128.Type) throws -> UInt128 { try .init(value, at: holder.only) }
}

/// The pairs of a dict by the names that are its keys. Few are looked through, many are looked up.
struct MemberTable {
    let pairs: [Value.Pair]
    private let places: [String: Int]

    init(_ pairs: [Value.Pair]) {
        self.pairs = pairs
        var places: [String: Int] = [:]
        if pairs.count > KeyIndex.fewMax {
            for (place, pair) in pairs.enumerated() {
                if let name = pair.key.string, places[name] == nil { places[name] = place }
            }
        }
        self.places = places
    }

    /// What a key stands for: text, or bytes as Python 2 writes its names.
    subscript(key: any CodingKey) -> Value? {
        let name = key.stringValue
        if pairs.count > KeyIndex.fewMax { return places[name].map { pairs[$0].value } }
        return pairs.first { $0.key.isName(name) }?.value
    }
}

extension Value {
    fileprivate func isName(_ name: String) -> Bool {
        switch self {
        case .text(let text): text.utf8.elementsEqual(name.utf8)
        case .bytes(let bytes): bytes.elementsEqual(name.utf8)
        default: false
        }
    }
}
