import MitoCore

/// One value being put together by a type's `encode(to:)`.
final class ValueEncoding: Encoder {
    /// A part that is there, or one that somebody still holds a container of.
    enum Part {
        case value(Value)
        case open(ValueEncoding)

        var value: Value {
            switch self {
            case .value(let value): value
            case .open(let encoding): encoding.value
            }
        }
    }

    private enum Shape {
        case nothing, single, list, dict
    }

    let holder: CodingHolder
    private var shape = Shape.nothing
    /// What is encoded, in order; beside `keys` in a dict.
    private(set) var parts: [Part] = []
    private var keys = KeyIndex()

    init(_ holder: CodingHolder) { self.holder = holder }

    var codingPath: [any CodingKey] { holder.place.codingPath }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    /// What has been encoded so far. A type without anything to encode is an empty dict, as its members would be.
    var value: Value {
        switch shape {
        case .nothing: .dict([])
        case .single: parts[0].value
        case .list: .list(parts.map(\.value))
        case .dict: .dict(zip(keys.names, parts).map { Value.Pair(.text($0), $1.value) })
        }
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        take(.dict)
        return KeyedEncodingContainer(KeyedEncoding<Key>(encoding: self))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        take(.list)
        return ListEncoding(encoding: self)
    }

    func singleValueContainer() -> any SingleValueEncodingContainer { SingleEncoding(encoding: self) }

    // MARK: What containers put in

    /// Of two parts with one key the later counts.
    func put(_ part: Part, for key: any CodingKey) {
        let place = keys.place(of: key.stringValue)
        if place < parts.count { parts[place] = part } else { parts.append(part) }
    }

    func append(_ part: Part) { parts.append(part) }

    func setOnly(_ value: Value) {
        take(.single)
        parts = [.value(value)]
    }

    /// A part that is filled in later.
    func open(_ key: any CodingKey) -> ValueEncoding { ValueEncoding(CodingHolder(holder[key])) }

    private func take(_ wanted: Shape) {
        precondition(shape == .nothing || shape == wanted, "one value was encoded in two shapes at \(codingPath.text)")
        shape = wanted
    }
}

/// The keys of one dict in the order of their coming. Few are looked through, many are looked up.
struct KeyIndex {
    private(set) var names: [String] = []
    private var places: [String: Int] = [:]

    /// The place of a name; a new one comes last.
    mutating func place(of name: String) -> Int {
        if names.count < Self.fewMax {
            if let place = names.firstIndex(of: name) { return place }
        } else {
            if places.isEmpty { places = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) }) }
            if let place = places[name] { return place }
            places[name] = names.count
        }
        names.append(name)
        return names.count - 1
    }

    static let fewMax = 16
}
