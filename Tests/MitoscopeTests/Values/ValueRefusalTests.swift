import MitoCore
import Mitoscope
import Testing

/// What does not fit is an error with its place, whatever it is.
@Suite struct ValueRefusalTests {
    private func error<T: Decodable>(_ type: T.Type, _ value: Value) -> DecodingError? {
        #expect(throws: DecodingError.self) { try ValueDecoder().decode(type, from: value) }
    }

    private func path(_ error: DecodingError?) -> [String] { error?.context.codingPath.map(\.stringValue) ?? [] }

    @Test func `a number that does not fit is refused`() {
        #expect(error(UInt8.self, 256) != nil)
        #expect(error(UInt.self, -1) != nil)
        #expect(error(Int.self, Value(UInt64.max)) != nil)
        #expect(error(Int128.self, Value(UInt128.max)) != nil)
        #expect(error(UInt128.self, .bigInt([UInt8](repeating: 0x7F, count: 40))) != nil)
        #expect(error(Int128.self, .bigInt([UInt8](repeating: 0, count: 16) + [0x80])) != nil)
        #expect(error(UInt64.self, .bigInt([])) != nil)
        #expect(error(Double.self, .int(.max)) != nil)
        #expect(error(Float.self, .float(1e300)) != nil)
    }

    @Test func `a value of another kind is refused`() {
        #expect(error(Int.self, true) != nil)
        #expect(error(Int.self, .float(1)) != nil)
        #expect(error(Bool.self, 1) != nil)
        #expect(error(String.self, 1) != nil)
        #expect(error([UInt8].self, "text") != nil)
        #expect(error([Int].self, .bytes([1])) != nil)
        #expect(error(Unit.self, 0) != nil)
        #expect(error(Secret.self, .blob([])) != nil)
        #expect(error(ContextID.self, -1) != nil)
        #expect(error(MitoCore.Duration.self, "soon") != nil)
        #expect(error(Thing.Pair<Int, Int>.self, .list([])) != nil)
        #expect(error([String: Int].self, .list(["a"])) != nil)
        #expect(error(Thing.Colour.self, "blue") != nil)
    }

    @Test func `what others send for the same thing is taken`() throws {
        let decoder = ValueDecoder()
        let python2 = Value.dict([.init(.bytes(Array("a".utf8)), 1), .init(.bytes(Array("b".utf8)), 2)])
        #expect(try decoder.decode(Double.self, from: 3) == 3)
        #expect(try decoder.decode(String.self, from: .bytes(Array("python 2".utf8))) == "python 2")
        #expect(try decoder.decode([Int].self, from: .tuple([1, 2])) == [1, 2])
        #expect(try decoder.decode([UInt8].self, from: .list([1, 2])) == [1, 2])
        #expect(try decoder.decode([UInt8].self, from: .blob([3])) == [3])
        #expect(try decoder.decode([Thing.Pair<Int, Int>].self, from: .tuple([python2]))[0].b == 2)
        #expect(try decoder.decode([String: Int].self, from: .keywords([.init("a", 1)])) == ["a": 1])
    }

    @Test func `text that is not Unicode is refused, never changed`() throws {
        let lone = Value.text(Text(utf8: [0x61, 0xED, 0xA0, 0x80]))
        #expect(error(String.self, lone) != nil)
        #expect(try ValueDecoder().decode(Text.self, from: lone).utf8.count == 4)
    }

    @Test func `two keys that are one in Swift are refused`() {
        #expect(error([String: Int].self, .dict([.init("a", 1), .init(.bytes([97]), 2)])) != nil)
    }

    @Test func `an error names its place`() {
        let value: Value = .dict([.init("hosts", .list([.dict([.init("a", 1), .init("b", "two")])]))])
        #expect(path(error([String: [Thing.Pair<Int, Int>]].self, value)) == ["hosts", "[0]", "b"])
        #expect(path(error([String: [Int]].self, value)) == ["hosts", "[0]"])
        #expect(path(error(Thing.Pair<Int, Int>.self, .dict([]))) == [])
    }

    @Test func `a value may be as deep as one that travels and no deeper`() throws {
        func nested(_ depth: Int) -> Nest { (0..<depth).reduce(Nest(inner: [])) { nest, _ in Nest(inner: [nest]) } }
        // A nest is two values: the dict and its list.
        let deepest = nested(ValueEncoder.depthMax / 2 - 1)
        let value = try ValueEncoder().encode(deepest)
        #expect(try ValueDecoder().decode(Nest.self, from: Value(pickled: value.pickled())).depth == deepest.depth)
        #expect(throws: EncodingError.self) { try ValueEncoder().encode(nested(ValueEncoder.depthMax / 2)) }
        let deeper = Value.dict([.init("inner", .list([value]))])
        #expect(throws: DecodingError.self) { try ValueDecoder().decode(Nest.self, from: deeper) }
    }

    @Test func `an object that holds itself is refused`() {
        let ring = Ring()
        ring.next = ring
        #expect(throws: EncodingError.self) { try ValueEncoder().encode(ring) }
    }

    @Test func `whatever comes in is decoded or refused`() throws {
        var generator = ThingGenerator(seed: 3)
        var refusals = 0
        for _ in 0..<5_000 {
            let value = try scrambled(ValueEncoder().encode(generator.thing()), &generator)
            do { _ = try ValueDecoder().decode(Thing.self, from: value) } catch { refusals += 1 }
        }
        #expect(refusals > 1_000)
    }

    /// The same value with a part here and there replaced by another.
    private func scrambled(_ value: Value, _ generator: inout ThingGenerator) throws -> Value {
        if generator.below(6) == 0 { return try ValueEncoder().encode(generator.thing(depth: 1)) }
        switch value {
        case .list(let items): return .list(try items.map { try scrambled($0, &generator) })
        case .dict(let pairs): return .dict(try pairs.map { .init($0.key, try scrambled($0.value, &generator)) })
        default: return value
        }
    }
}

private struct Nest: Codable {
    var inner: [Nest]
    var depth: Int { 1 + (inner.first?.depth ?? 0) }
}

private final class Ring: Encodable {
    var next: Ring?
}

extension DecodingError {
    fileprivate var context: Context {
        switch self {
        case .typeMismatch(_, let context), .valueNotFound(_, let context), .keyNotFound(_, let context),
            .dataCorrupted(let context):
            context
        @unknown default: Context(codingPath: [], debugDescription: "")
        }
    }
}
