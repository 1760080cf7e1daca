public import MitoCore

/// Turns what Swift programs have into what travels.
///
/// | Swift | travels as |
/// |---|---|
/// | `Bool`, integers of up to 128 bits, `Double`, `Float`, `String` | themselves |
/// | `[UInt8]` | bytes |
/// | `Array` | list |
/// | `Set` | list, in the order of its items |
/// | `Dictionary` | dict, in the order of its keys; where keys are no plain values, a list of key, value, key … |
/// | `nil`, `Unit` | None |
/// | structs, classes, enums | as their `Codable` conformance says: a dict whose keys are text |
/// | `Duration` | a whole number of seconds, or text such as `250ms` |
/// | `Blob`, `Secret`, `Text`, `ContextID`, `Handle`, `Value` | themselves |
///
/// Two equal values are encoded to the same bytes, in every process.
///
/// ```swift
/// struct Disk: Codable { var name: String, free: UInt64 }
/// let value = try ValueEncoder().encode(Disk(name: "sda", free: 42))
/// print(value)                                    // {'name': 'sda', 'free': 42}
/// ```
public struct ValueEncoder: Sendable {
    /// How many values may lie within each other: what any reader of ours takes, less what a call puts around its
    /// arguments.
    public static let depthMax = PickleReader.depthMax - 2

    private let router: Router?

    public init() { router = nil }

    /// An encoder for what `router`'s context sends: contexts of other trees are refused.
    init(router: Router?) { self.router = router }

    /// - Throws: `EncodingError` with the place for what cannot travel or is too deep, and whatever a type's own
    ///   `encode(to:)` throws.
    public func encode(_ value: some Encodable) throws -> Value { try CodingPlace.whole(router: router).encode(value) }
}

/// A type that says itself what it travels as, whatever its `Codable` conformance spells out.
protocol DirectlyEncodable: Encodable {
    func value(at place: CodingPlace) throws -> Value
}

extension CodingPlace {
    func encode<T: Encodable>(_ value: T) throws -> Value {
        // The commonest two without a look into the table of conformances.
        if T.self == Int.self, let number = value as? Int { return .int(Int64(number)) }
        if T.self == String.self, let text = value as? String { return .text(text) }
        if let direct = value as? any DirectlyEncodable { return try direct.value(at: self) }
        let encoding = ValueEncoding(try entered(with: value))
        try value.encode(to: encoding)
        return encoding.value
    }

    /// This place as one that holds others.
    func entered(with value: Any) throws -> CodingHolder {
        guard depth < ValueEncoder.depthMax else {
            throw EncodingError.invalidValue(
                value, .init(codingPath: codingPath, debugDescription: "more than \(ValueEncoder.depthMax) deep"))
        }
        return CodingHolder(self)
    }
}
