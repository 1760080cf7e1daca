import MitoCore

// One generic method stands for the requirements of all scalar types: each is a case of it. The widest integers alone
// must be spelled out, as the standard library has an answer for them already: that they are not supported.

struct KeyedEncoding<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let encoding: ValueEncoding

    var codingPath: [any CodingKey] { encoding.codingPath }

    func encodeNil(forKey key: Key) { encoding.put(.value(.none), for: key) }

    func encode<T: Encodable>(_ value: T, forKey key: Key) throws {
        encoding.put(.value(try encoding.holder[key].encode(value)), for: key)
    }

    func encode(_ value: Int128, forKey key: Key) { encoding.put(.value(Value(value)), for: key) }
    func encode(_ value: UInt128, forKey key: Key) { encoding.put(.value(Value(value)), for: key) }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type, forKey key: Key
    ) -> KeyedEncodingContainer<Nested> {
        open(key).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer { open(key).unkeyedContainer() }

    func superEncoder() -> any Encoder { open(NameKey.superclass) }
    func superEncoder(forKey key: Key) -> any Encoder { open(key) }

    private func open(_ key: any CodingKey) -> ValueEncoding {
        let part = encoding.open(key)
        encoding.put(.open(part), for: key)
        return part
    }
}

struct ListEncoding: UnkeyedEncodingContainer {
    let encoding: ValueEncoding

    var codingPath: [any CodingKey] { encoding.codingPath }
    var count: Int { encoding.parts.count }

    func encodeNil() { encoding.append(.value(.none)) }

    func encode<T: Encodable>(_ value: T) throws {
        encoding.append(.value(try encoding.holder[ItemKey(count)].encode(value)))
    }

    func encode(_ value: Int128) { encoding.append(.value(Value(value))) }
    func encode(_ value: UInt128) { encoding.append(.value(Value(value))) }

    func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) -> KeyedEncodingContainer<Nested> {
        open().container(keyedBy: type)
    }

    func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { open().unkeyedContainer() }

    func superEncoder() -> any Encoder { open() }

    private func open() -> ValueEncoding {
        let part = encoding.open(ItemKey(count))
        encoding.append(.open(part))
        return part
    }
}

struct SingleEncoding: SingleValueEncodingContainer {
    let encoding: ValueEncoding

    var codingPath: [any CodingKey] { encoding.codingPath }

    func encodeNil() { encoding.setOnly(.none) }
    func encode<T: Encodable>(_ value: T) throws { encoding.setOnly(try encoding.holder.only.encode(value)) }
    func encode(_ value: Int128) { encoding.setOnly(Value(value)) }
    func encode(_ value: UInt128) { encoding.setOnly(Value(value)) }
}
