import Mitoscope

/// Whatever a program may send: each case is another kind of Swift value, and they hold each other.
indirect enum Thing: Codable, Hashable, Sendable {
    case nothing
    case flag(Bool)
    case numbers(Int, Int8, UInt16, UInt64)
    case wide(Int128, UInt128)
    case real(Double, Float)
    case text(String, named: String?)
    case bytes([UInt8])
    case list([Thing])
    case maybe([Thing?])
    case byName([String: Thing])
    case byNumber([Int: Bool])
    case byThing([Thing: Int])
    case set(Set<String>)
    case pair(Pair<Thing, Int?>)
    case colour(Colour)
    case secret(Secret, Blob)

    struct Pair<A: Codable & Hashable & Sendable, B: Codable & Hashable & Sendable>: Codable, Hashable, Sendable {
        var a: A
        var b: B
    }

    enum Colour: String, CaseIterable, Codable, Sendable {
        case red, green
    }
}

/// Draws things from a seed.
struct ThingGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state &* 0x2545_F491_4F6C_DD1D
    }

    mutating func below(_ bound: Int) -> Int { Int(next() >> 33) % bound }

    mutating func thing(depth: Int = 4) -> Thing {
        guard depth > 0 else { return leaf() }
        let count = below(4)
        switch below(14) {
        case 0: return .list(many(count) { $0.thing(depth: depth - 1) })
        case 1: return .maybe(many(count) { $0.below(3) == 0 ? nil : $0.thing(depth: depth - 1) })
        case 2: return .byName(table(many(count) { ($0.text(), $0.thing(depth: depth - 1)) }))
        case 3: return .byNumber(table(many(count) { ($0.number(), $0.below(2) == 0) }))
        case 4: return .byThing(table(many(count) { ($0.thing(depth: depth - 1), $0.below(9)) }))
        case 5: return .set(Set(many(count) { $0.text() }))
        case 6: return .pair(Thing.Pair(a: thing(depth: depth - 1), b: below(2) == 0 ? nil : number()))
        default: return leaf()
        }
    }

    private mutating func leaf() -> Thing {
        switch below(8) {
        case 0: .nothing
        case 1: .flag(below(2) == 0)
        case 2: .numbers(number(), Int8(truncatingIfNeeded: next()), UInt16(truncatingIfNeeded: next()), next())
        case 3: .wide(Int128(number()) << below(64), UInt128(next()) << below(64))
        case 4: .real(Double(number()) / 8, Float(below(1000)) / 16)
        case 5: .text(text(), named: below(2) == 0 ? nil : text())
        case 6: .bytes(many(below(20)) { UInt8(truncatingIfNeeded: $0.next()) })
        default: below(2) == 0 ? .colour(Thing.Colour.allCases[below(2)]) : .secret(Secret(text()), Blob([1, 2]))
        }
    }

    private mutating func number() -> Int { Int(bitPattern: UInt(next())) >> below(64) }

    private mutating func text() -> String {
        String(
            String.UnicodeScalarView(many(below(6)) { $0.below(4) == 0 ? "é" : Unicode.Scalar(UInt8($0.below(128))) }))
    }

    private mutating func many<T>(_ count: Int, _ make: (inout ThingGenerator) -> T) -> [T] {
        (0..<count).map { _ in make(&self) }
    }

    private func table<K: Hashable, V>(_ pairs: [(K, V)]) -> [K: V] { Dictionary(pairs) { $1 } }
}
