import Foundation
import MitoCore
import Mitoscope
import Testing

@Suite struct ValueCodingTests {
    private func coded<T: Codable>(_ value: T) throws -> T {
        let travelled = try Value(pickled: ValueEncoder().encode(value).pickled())
        return try ValueDecoder().decode(T.self, from: travelled)
    }

    private func encoded(_ value: some Encodable) throws -> String { try ValueEncoder().encode(value).description }

    @Test func `ten thousand things come back as they were sent`() throws {
        var generator = ThingGenerator(seed: 7)
        for _ in 0..<10_000 {
            let thing = generator.thing()
            #expect(try coded(thing) == thing)
        }
    }

    @Test func `scalars travel as what they are`() throws {
        #expect(try ValueEncoder().encode(42) == 42)
        #expect(try ValueEncoder().encode("text") == "text")
        #expect(try ValueEncoder().encode(true) == true)
        #expect(try ValueEncoder().encode(1.5) == .float(1.5))
        #expect(try ValueEncoder().encode(Float(0.1)) == .float(Double(Float(0.1))))
        #expect(try ValueEncoder().encode([UInt8]([1, 2])) == .bytes([1, 2]))
        #expect(try ValueEncoder().encode(Int?.none) == .none)
        #expect(try ValueEncoder().encode(Unit()) == .none)
        #expect(try ValueEncoder().encode([Int]()) == .list([]))
        #expect(try ValueEncoder().encode([UInt8]()) == .bytes([]))
    }

    @Test(arguments: [
        (UInt64.max, "18446744073709551615"), (UInt64(Int64.max) + 1, "9223372036854775808"),
        (UInt64(Int64.max), "9223372036854775807"),
    ])
    func `an integer outside 64 bits travels as a big one`(_ number: UInt64, _ text: String) throws {
        #expect(try encoded(number) == text)
        #expect(try coded(number) == number)
    }

    @Test func `integers of every width come back from their ends`() throws {
        func ends<I: FixedWidthInteger & Codable>(_ type: I.Type) throws {
            for number in [I.min, I.min / 2, 0, 1, I.max / 2, .max - 1, .max] { #expect(try coded(number) == number) }
        }
        try ends(Int8.self)
        try ends(UInt8.self)
        try ends(Int32.self)
        try ends(UInt.self)
        try ends(Int.self)
        try ends(Int128.self)
        try ends(UInt128.self)
    }

    @Test func `floats keep their bits`() throws {
        for number in [0, -0.0, .infinity, -.infinity, .leastNonzeroMagnitude, .greatestFiniteMagnitude, 0.1] {
            #expect(try coded(number).bitPattern == number.bitPattern)
        }
        #expect(try coded(Double.nan).isNaN && coded(Float.nan).isNaN)
        #expect(try coded(Float.greatestFiniteMagnitude) == .greatestFiniteMagnitude)
    }

    @Test func `a dict is in the order of its keys and a set in that of its items`() throws {
        let numbers = Dictionary(uniqueKeysWithValues: (-50..<50).map { ($0, $0) })
        guard case .dict(let pairs) = try ValueEncoder().encode(numbers) else { return #expect(Bool(false)) }
        #expect(pairs.map(\.key) == (-50..<50).map { .int($0) })
        #expect(try encoded(["b": 1, "a": 2, "": 3]) == "{'': 3, 'a': 2, 'b': 1}")
        #expect(try encoded(Set(["y", "x"])) == "['x', 'y']")
        #expect(try encoded([Thing.Colour.red: 1]) == "{'red': 1}")
        #expect(try encoded([[2]: "two", [1]: "one"]) == "[[1], 'one', [2], 'two']")
    }

    @Test func `structs and enums travel as dicts of their members`() throws {
        #expect(try encoded(Thing.Pair<Int, Int?>(a: 1, b: nil)) == "{'a': 1, 'b': None}")
        #expect(try encoded(Gap(a: 1)) == "{'a': 1}")
        #expect(try encoded(Thing.text("x", named: "y")) == "{'text': {'_0': 'x', 'named': 'y'}}")
        #expect(try encoded(Thing.nothing) == "{'nothing': {}}")
        #expect(try encoded(Thing.Colour.green) == "'green'")
    }

    @Test func `what is a value by itself travels as that value`() throws {
        #expect(try encoded(Blob([1, 2, 3])) == "Blob(3 bytes)")
        #expect(try ValueEncoder().encode(Secret("pw")) == .secret(Text("pw")))
        #expect(try ValueEncoder().encode(ContextID(7)) == .context(ContextID(7), name: nil))
        #expect(try ValueEncoder().encode(Handle(1000)) == 1000)
        #expect(try coded(ContextID(7)) == ContextID(7))
        let lone = Text(utf8: [0xED, 0xA0, 0x80])
        #expect(try coded(lone) == lone)
        let any: Value = .tuple([.sender(ContextID(1), Handle(2)), .callError("x: y"), .keywords([.init("a", 1)])])
        #expect(try coded([any]) == [any])
        #expect("\(Secret("pw"))" == "Secret(...)")
    }

    @Test(
        arguments: [
            (.zero, "0"), (.seconds(5), "5"), (.seconds(120), "120"), (.milliseconds(250), "'250ms'"),
            (.nanoseconds(1), "'1ns'"),
        ] as [(MitoCore.Duration, String)])
    func `a duration is a number of seconds or text with its unit`(
        _ duration: MitoCore.Duration, _ value: String
    ) throws {
        #expect(try encoded(duration) == value)
        #expect(try coded(duration) == duration)
    }

    @Test func `containers by hand are taken in the order of their use`() throws {
        let crate = Crate()
        #expect(
            try encoded(crate)
                == "{'super': {'name': 'crate'}, 'list': [1, [2, None], {'x': 3}, 'end'], 'deep': {'y': None, 'x': 4}}")
        #expect(try coded(crate) == crate)
    }

    @Test func `of two members with one name the later counts`() throws {
        #expect(try encoded(Twice()) == "{'a': 2, 'b': 1}")
        #expect(
            try encoded(Many(count: 40)) == encoded(Dictionary(uniqueKeysWithValues: (10..<50).map { ("k\($0)", $0) })))
        #expect(try coded(Many(count: 40)).count == 40)
    }

    @Test func `other encoders refuse what is a value only here`() {
        #expect(throws: EncodingError.self) { try JSONEncoder().encode([Secret("pw")]) }
        #expect(throws: DecodingError.self) { try JSONDecoder().decode([Secret].self, from: Data("[1]".utf8)) }
    }

    @Test func `a type that forwards to another is coded as the other`() throws {
        struct Wrapped: Codable, Equatable {
            var blob: Blob
            init(_ blob: Blob) { self.blob = blob }
            init(from decoder: any Decoder) throws { blob = try Blob(from: decoder) }
            func encode(to encoder: any Encoder) throws { try blob.encode(to: encoder) }
        }
        #expect(try encoded(Wrapped(Blob([9]))) == "Blob(1 bytes)")
        #expect(try coded(Wrapped(Blob([9]))) == Wrapped(Blob([9])))
    }
}

private struct Gap: Codable {
    var a: Int
    var b: Int?
}

/// A class over another, with every kind of container by hand.
private final class Crate: Codable, Equatable {
    private enum Key: String, CodingKey {
        case list, deep
    }

    private enum Inner: String, CodingKey {
        case x, y
    }

    private struct Base: Codable {
        var name = "crate"
    }

    init() {}

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try Base().encode(to: container.superEncoder())
        var list = container.nestedUnkeyedContainer(forKey: .list)
        var deep = container.nestedContainer(keyedBy: Inner.self, forKey: .deep)
        try list.encode(1)
        var inner = list.nestedUnkeyedContainer()
        var last = list.nestedContainer(keyedBy: Inner.self)
        try "end".encode(to: list.superEncoder())
        try deep.encodeNil(forKey: .y)
        try inner.encode(2)
        try inner.encodeNil()
        try last.encode(3, forKey: .x)
        try deep.encode(4, forKey: .x)
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        #expect(try Base(from: container.superDecoder()).name == "crate")
        #expect(container.allKeys == [.list, .deep])
        var list = try container.nestedUnkeyedContainer(forKey: .list)
        #expect(try list.decode(Int.self) == 1)
        #expect(list.count == 4)
        var inner = try list.nestedUnkeyedContainer()
        #expect(try inner.decodeNil() == false)
        #expect(try inner.decode(Int.self) == 2)
        #expect(try inner.decodeNil())
        #expect(inner.isAtEnd)
        #expect(try list.nestedContainer(keyedBy: Inner.self).decode(Int.self, forKey: .x) == 3)
        #expect(try String(from: list.superDecoder()) == "end")
        let deep = try container.nestedContainer(keyedBy: Inner.self, forKey: .deep)
        #expect(try deep.decodeNil(forKey: .y) && deep.contains(.x) && deep.decodeIfPresent(Int.self, forKey: .x) == 4)
    }

    static func == (a: Crate, b: Crate) -> Bool { true }
}

private struct Twice: Encodable {
    private enum Key: String, CodingKey {
        case a, b
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(1, forKey: .a)
        try container.encode(1, forKey: .b)
        try container.encode(2, forKey: .a)
    }
}

/// More members than are looked through, each encoded twice.
private struct Many: Codable {
    private struct Key: CodingKey {
        var stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    var count: Int

    init(count: Int) { self.count = count }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        for value in [0, 1] {
            for number in 10..<(10 + count) {
                try container.encode(number * value, forKey: Key(stringValue: "k\(number)"))
            }
        }
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        count = try container.allKeys.filter { try "k\(container.decode(Int.self, forKey: $0))" == $0.stringValue }
            .count
    }
}
