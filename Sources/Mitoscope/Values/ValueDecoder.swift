public import MitoCore

/// Turns what came in back into what Swift programs have: the other way of `ValueEncoder`.
///
/// It takes what other programs may send for the same thing: an int where a float is wanted, Python 2's bytes where
/// text is wanted, a tuple or list alike. Nothing is rounded, cut or made up: an int that does not fit, or text that is
/// not Unicode (`Text` takes it), is an error. Values from anywhere may be decoded; they never trap.
///
/// ```swift
/// let disks = try ValueDecoder().decode([Disk].self, from: value)
/// ```
public struct ValueDecoder: Sendable {
    private let router: Router?

    public init() { router = nil }

    /// A decoder whose contexts and senders belong to `router`.
    init(router: Router?) { self.router = router }

    /// - Throws: `DecodingError` with the place for what does not fit, and whatever a type's own `init(from:)` throws.
    public func decode<T: Decodable>(_ type: T.Type, from value: Value) throws -> T {
        try CodingPlace.whole(router: router).decode(type, from: value)
    }
}

/// A type that says itself what it is made from, whatever its `Codable` conformance spells out.
protocol DirectlyDecodable: Decodable {
    init(_ value: Value, at place: CodingPlace) throws
}

extension CodingPlace {
    func decode<T: Decodable>(_ type: T.Type, from value: Value) throws -> T {
        if T.self == Int.self, case .int(let number) = value, let same = Int(exactly: number) as? T { return same }
        if let direct = type as? any DirectlyDecodable.Type {
            let made = try direct.init(value, at: self)
            guard let same = made as? T else { preconditionFailure("\(type) made a \(Swift.type(of: made))") }
            return same
        }
        return try T(from: ValueDecoding(value, in: try entered()))
    }

    /// This place as one that holds others.
    func entered() throws -> CodingHolder {
        guard depth < ValueEncoder.depthMax else { throw corrupted("more than \(ValueEncoder.depthMax) deep") }
        return CodingHolder(self)
    }

    // MARK: What may be wrong here

    /// The value is of another kind than `type` can be made from.
    func mismatch(_ type: Any.Type, _ value: Value) -> DecodingError {
        let text = "wanted \(type), not \(value.description(limit: 100))"
        let context = DecodingError.Context(codingPath: codingPath, debugDescription: text)
        return value == .none ? .valueNotFound(type, context) : .typeMismatch(type, context)
    }

    /// The value is of the right kind but not one that fits.
    func corrupted(_ why: String) -> DecodingError {
        .dataCorrupted(.init(codingPath: codingPath, debugDescription: why))
    }
}
