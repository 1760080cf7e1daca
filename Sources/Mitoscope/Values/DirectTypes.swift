public import MitoCore

/// Bytes that logs leave out.
///
/// ```swift
/// let key = ValueFunction("demo.key") { Blob([0x2A]) }
/// ```
public struct Blob: Hashable, Sendable, CustomStringConvertible {
    public var bytes: [UInt8]

    public init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// How many bytes there are, and none of them.
    public var description: String { Value.blob(bytes).description(limit: 100) }
}

/// Text that logs leave out, such as a password.
///
/// ```swift
/// try await context.call(unlock, Secret("sesame"))
/// ```
public struct Secret: Hashable, Sendable, CustomStringConvertible {
    public var text: String

    public init(_ text: String) { self.text = text }

    /// Never the text.
    public var description: String { Value.secret(Text(text)).description(limit: 100) }
}

/// The result of a function that has none: None on the wire.
///
/// ```swift
/// let touch = ValueFunction("demo.touch") { (path: String) in Unit() }
/// ```
public struct Unit: Hashable, Sendable {
    public init() {}
}

/// A type that is a kind of value by itself. Other encoders than ours see what its value prints.
protocol DirectType: Codable, DirectlyEncodable, DirectlyDecodable {}

extension DirectType {
    /// Other encoders have no bytes, secrets and Nones of their own, and a secret had better not end in a file.
    public func encode(to encoder: any Encoder) throws {
        guard let encoding = encoder as? ValueEncoding else {
            throw EncodingError.invalidValue(
                self, .init(codingPath: encoder.codingPath, debugDescription: "\(Self.self) travels in messages only"))
        }
        encoding.setOnly(try value(at: encoding.holder.only))
    }

    public init(from decoder: any Decoder) throws {
        guard let decoding = decoder as? ValueDecoding else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "\(Self.self) travels in messages only"))
        }
        try self.init(decoding.value, at: decoding.holder.only)
    }
}

extension Value: DirectType {
    func value(at place: CodingPlace) -> Value { self }
    init(_ value: Value, at place: CodingPlace) { self = value }
}

extension Text: DirectType {
    func value(at place: CodingPlace) -> Value { .text(self) }

    init(_ value: Value, at place: CodingPlace) throws {
        switch value {
        case .text(let text), .secret(let text): self = text
        case .bytes(let bytes): self.init(utf8: bytes)
        default: throw place.mismatch(Self.self, value)
        }
    }
}

extension Blob: DirectType {
    func value(at place: CodingPlace) -> Value { .blob(bytes) }

    init(_ value: Value, at place: CodingPlace) throws {
        switch value {
        case .blob(let bytes), .bytes(let bytes): self.init(bytes)
        default: throw place.mismatch(Self.self, value)
        }
    }
}

extension Secret: DirectType {
    func value(at place: CodingPlace) -> Value { .secret(Text(text)) }
    init(_ value: Value, at place: CodingPlace) throws { self.init(try String(value, at: place)) }
}

extension Unit: DirectType {
    func value(at place: CodingPlace) -> Value { .none }

    init(_ value: Value, at place: CodingPlace) throws {
        guard value == .none else { throw place.mismatch(Self.self, value) }
    }
}

extension Duration: DirectType {
    func value(at place: CodingPlace) throws -> Value {
        guard nanoseconds >= 0 else {
            throw EncodingError.invalidValue(
                self, .init(codingPath: place.codingPath, debugDescription: "a duration is not less than nothing"))
        }
        return nanoseconds.isMultiple(of: Duration.seconds(1).nanoseconds)
            ? .int(nanoseconds / Duration.seconds(1).nanoseconds) : .text(description)
    }

    init(_ value: Value, at place: CodingPlace) throws {
        guard let duration = Duration(value) else { throw place.mismatch(Self.self, value) }
        self = duration
    }
}

extension ContextID: Codable, DirectlyEncodable, DirectlyDecodable {
    func value(at place: CodingPlace) -> Value { .context(self, name: nil) }

    init(_ value: Value, at place: CodingPlace) throws {
        guard let id = ContextID(value) else { throw place.mismatch(Self.self, value) }
        self = id
    }
}

extension Handle: Codable, DirectlyEncodable, DirectlyDecodable {
    func value(at place: CodingPlace) -> Value { .int(Int64(rawValue)) }
    init(_ value: Value, at place: CodingPlace) throws { self.init(try UInt32(value, at: place)) }
}
