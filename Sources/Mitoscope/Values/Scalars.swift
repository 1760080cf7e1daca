public import MitoCore

extension Value {
    /// An integer of any width, in its one shape: `.int` where 64 bits are enough.
    public init(_ integer: some FixedWidthInteger) {
        if let small = Int64(exactly: integer) {
            self = .int(small)
            return
        }
        var bytes: [UInt8] = []
        for place in stride(from: 0, to: integer.bitWidth, by: 8) {
            bytes.append(UInt8(truncatingIfNeeded: integer >> place))
        }
        // Without a sign bit of its own an unsigned number would read as a negative one.
        bytes.append(integer < 0 ? 0xFF : 0)
        while let sign = bytes.last, bytes.count > 1, sign == (bytes[bytes.count - 2] & 0x80 == 0 ? 0 : 0xFF) {
            bytes.removeLast()
        }
        self = .bigInt(bytes)
    }

    /// The integer that this is, if it is one and fits.
    public func integer<Integer: FixedWidthInteger>(_ type: Integer.Type = Integer.self) -> Integer? {
        switch self {
        case .int(let number): return Integer(exactly: number)
        case .bigInt(let bytes):
            guard bytes.count <= Self.wideBytesMax, let top = bytes.last else { return nil }
            let wide = bytes.reversed().reduce(top & 0x80 == 0 ? UInt128(0) : .max) { $0 << 8 | UInt128($1) }
            if top & 0x80 == 0 { return Integer(exactly: wide) }
            // A negative number of one byte more than there is room for is below them all.
            return bytes.count < Self.wideBytesMax ? Integer(exactly: Int128(truncatingIfNeeded: wide)) : nil
        default: return nil
        }
    }

    /// An unsigned number of 128 bits and the byte that says that it has no sign.
    private static let wideBytesMax = 17
}

/// An integer as a value, and back.
protocol DirectInteger: FixedWidthInteger, DirectlyEncodable, DirectlyDecodable {}

extension DirectInteger {
    func value(at place: CodingPlace) -> Value { Value(self) }

    init(_ value: Value, at place: CodingPlace) throws {
        if let integer = value.integer(Self.self) {
            self = integer
            return
        }
        switch value {
        case .int, .bigInt: throw place.corrupted("\(value.description(limit: 100)) does not fit into \(Self.self)")
        default: throw place.mismatch(Self.self, value)
        }
    }
}

extension Int: DirectInteger {}
extension Int8: DirectInteger {}
extension Int16: DirectInteger {}
extension Int32: DirectInteger {}
extension Int64: DirectInteger {}
extension Int128: DirectInteger {}
extension UInt: DirectInteger {}
extension UInt8: DirectInteger {}
extension UInt16: DirectInteger {}
extension UInt32: DirectInteger {}
extension UInt64: DirectInteger {}
extension UInt128: DirectInteger {}

extension Bool: DirectlyEncodable, DirectlyDecodable {
    func value(at place: CodingPlace) -> Value { .bool(self) }

    init(_ value: Value, at place: CodingPlace) throws {
        guard case .bool(let flag) = value else { throw place.mismatch(Self.self, value) }
        self = flag
    }
}

extension Double: DirectlyEncodable, DirectlyDecodable {
    func value(at place: CodingPlace) -> Value { .float(self) }

    init(_ value: Value, at place: CodingPlace) throws {
        switch value {
        case .float(let number): self = number
        case .int(let number):
            guard let same = Double(exactly: number) else {
                throw place.corrupted("\(number) does not fit into \(Self.self)")
            }
            self = same
        default: throw place.mismatch(Self.self, value)
        }
    }
}

extension Float: DirectlyEncodable, DirectlyDecodable {
    func value(at place: CodingPlace) -> Value { .float(Double(self)) }

    init(_ value: Value, at place: CodingPlace) throws {
        // Python has but one kind of float, so that the nearest must do; only what is out of range is refused.
        let number = try Double(value, at: place)
        self = Float(number)
        guard isInfinite == number.isInfinite else { throw place.corrupted("\(number) does not fit into Float") }
    }
}

extension String: DirectlyEncodable, DirectlyDecodable {
    func value(at place: CodingPlace) -> Value { .text(self) }

    init(_ value: Value, at place: CodingPlace) throws {
        let utf8: [UInt8]
        switch value {
        case .text(let text), .secret(let text): utf8 = text.utf8
        // Python 2 sends its plain strings so.
        case .bytes(let bytes): utf8 = bytes
        default: throw place.mismatch(Self.self, value)
        }
        guard let text = String(validating: utf8, as: UTF8.self) else {
            throw place.corrupted("\(value.description(limit: 100)) is no Unicode text")
        }
        self = text
    }
}
