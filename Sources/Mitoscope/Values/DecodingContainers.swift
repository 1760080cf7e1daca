import MitoCore

// One generic method stands for the requirements of all scalar types, as in the encoding containers.

struct KeyedDecoding<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let members: MemberTable
    let holder: CodingHolder

    var codingPath: [any CodingKey] { holder.place.codingPath }
    var allKeys: [Key] { members.pairs.compactMap { $0.key.string.flatMap { Key(stringValue: $0) } } }

    func contains(_ key: Key) -> Bool { members[key] != nil }
    func decodeNil(forKey key: Key) throws -> Bool { try value(key) == .none }

    func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T {
        try holder[key].decode(type, from: try value(key))
    }

    func decode(_ type: Int128.Type, forKey key: Key) throws -> Int128 { try .init(try value(key), at: holder[key]) }
    func decode(_ type: UInt128.Type, forKey key: Key) throws -> UInt128 { try .init(try value(key), at: holder[key]) }

    func decodeIfPresent<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T? {
        guard let value = members[key], value != .none else { return nil }
        return try holder[key].decode(type, from: value)
    }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type, forKey key: Key
    ) throws -> KeyedDecodingContainer<Nested> {
        try part(key).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        try part(key).unkeyedContainer()
    }

    func superDecoder() throws -> any Decoder { try part(NameKey.superclass) }
    func superDecoder(forKey key: Key) throws -> any Decoder { try part(key) }

    private func part(_ key: any CodingKey) throws -> ValueDecoding {
        ValueDecoding(try value(key), in: try holder[key].entered())
    }

    private func value(_ key: any CodingKey) throws -> Value {
        guard let value = members[key] else {
            throw DecodingError.keyNotFound(
                key, .init(codingPath: codingPath, debugDescription: "'\(key.stringValue)' is missing"))
        }
        return value
    }
}

struct ListDecoding: UnkeyedDecodingContainer {
    let items: [Value]
    let holder: CodingHolder
    private(set) var currentIndex = 0

    init(items: [Value], holder: CodingHolder) {
        self.items = items
        self.holder = holder
    }

    var codingPath: [any CodingKey] { holder.place.codingPath }
    var count: Int? { items.count }
    var isAtEnd: Bool { currentIndex >= items.count }

    mutating func decodeNil() throws -> Bool {
        let isNone = try current() == .none
        if isNone { currentIndex += 1 }
        return isNone
    }

    mutating func decode<T: Decodable>(_ type: T.Type) throws -> T {
        let item = try holder[ItemKey(currentIndex)].decode(type, from: try current())
        currentIndex += 1
        return item
    }

    mutating func decode(_ type: Int128.Type) throws -> Int128 { try decodeWide() }
    mutating func decode(_ type: UInt128.Type) throws -> UInt128 { try decodeWide() }

    private mutating func decodeWide<Integer: DirectInteger>() throws -> Integer {
        let item = try Integer(try current(), at: holder[ItemKey(currentIndex)])
        currentIndex += 1
        return item
    }

    mutating func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type
    ) throws -> KeyedDecodingContainer<Nested> {
        let container = try part().container(keyedBy: type)
        currentIndex += 1
        return container
    }

    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
        let container = try part().unkeyedContainer()
        currentIndex += 1
        return container
    }

    mutating func superDecoder() throws -> any Decoder {
        let part = try part()
        currentIndex += 1
        return part
    }

    private func part() throws -> ValueDecoding {
        ValueDecoding(try current(), in: try holder[ItemKey(currentIndex)].entered())
    }

    private func current() throws -> Value {
        guard currentIndex < items.count else {
            throw DecodingError.valueNotFound(
                Value.self, .init(codingPath: codingPath, debugDescription: "there are only \(items.count) items"))
        }
        return items[currentIndex]
    }
}
