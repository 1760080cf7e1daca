import MitoCore

/// Makes values of every kind, ordinary and odd, that each Python keeps apart and brings back.
///
/// Three things are left out because no Python can keep them: keys of one dict that Python takes for equal (1, True and
/// 1.0; on Python 2 also 'a' and b'a'), so the keys of a dict are of one kind; NaN as a key; and a high surrogate
/// followed by a low one, which Python 2 joins.
struct ValueGenerator {
    var random: Random

    init(seed: UInt64) { random = Random(seed: seed) }

    /// One value, at most `depth` lists, tuples or dicts deep.
    mutating func value(depth: Int = 5) -> Value {
        guard depth > 0, random.below(5) < 2 else { return leaf() }
        let count = random.oneIn(100) ? random.below(1500) : random.below(5)
        // A long list holds short things, or a few of them would be all that is ever made.
        let below = count > 10 ? 0 : depth - 1
        switch random.below(4) {
        case 0: return .list((0..<count).map { _ in value(depth: below) })
        case 1: return .tuple((0..<count).map { _ in value(depth: below) })
        case 2: return .dict(pairs(keys(count), depth: below))
        default: return .keywords(pairs(unique(count) { .text($0.text(maxLength: 8)) }, depth: below))
        }
    }

    mutating func leaf() -> Value {
        switch random.below(13) {
        case 0: .none
        case 1: .bool(random.oneIn(2))
        case 2, 3: .int(int())
        case 4: bigInt()
        case 5: .float(float())
        case 6: .bytes(bytes())
        case 7, 8: .text(text())
        case 9: .blob(bytes())
        case 10: .secret(text())
        case 11: .callError(wellFormed(text(maxLength: 200)))
        default: random.oneIn(2) ? .context(contextID(), name: contextName()) : .sender(contextID(), handle())
        }
    }

    // MARK: Numbers

    /// Every size from one bit to 64, and the values around the sizes' ends.
    private mutating func int() -> Int64 {
        let sized = Int64(bitPattern: random.next()) >> Int64(random.below(64))
        guard random.oneIn(3) else { return sized }
        return random.pick([0, 255, 256, 65535, 65536, 0x7FFF_FFFF, -0x8000_0000, .max, .min])
            &+ Int64(random.below(3) - 1)
    }

    private mutating func bigInt() -> Value {
        var bytes = random.bytes(random.oneIn(20) ? 250 + random.below(400) : 9 + random.below(12))
        // The top byte is no mere sign, so the form is the shortest.
        bytes[bytes.count - 1] = random.pick([0x01, 0x7F, 0x80, 0xFE])
        return .bigInt(bytes)
    }

    private mutating func float() -> Double {
        switch random.below(4) {
        case 0:
            random.pick([
                0.0, -0.0, 1.5, -2.25, .infinity, -.infinity, .nan, -.nan, Double(nan: 77, signaling: false),
                .leastNonzeroMagnitude, .greatestFiniteMagnitude, 1e16, 123456789012345680.0, 0.1,
            ])
        default: Double(bitPattern: random.next())
        }
    }

    private mutating func contextID() -> ContextID {
        ContextID(UInt32(truncatingIfNeeded: random.next() >> UInt64(32 + random.below(32))))
    }
    private mutating func handle() -> Handle { Handle(max(1, contextID().rawValue)) }

    // MARK: Text and bytes

    private mutating func bytes() -> [UInt8] {
        switch random.below(20) {
        case 0: []
        case 1: random.bytes(random.below(3000))
        default: random.bytes(random.below(12))
        }
    }

    mutating func text(maxLength: Int = 12) -> Text {
        let length = random.oneIn(50) ? random.below(maxLength * 20) : random.below(maxLength + 1)
        var utf8: [UInt8] = []
        var isAfterHigh = false
        for _ in 0..<length {
            var scalar = scalar()
            if isAfterHigh, (0xDC00...0xDFFF).contains(scalar) { scalar = 0x2D }
            isAfterHigh = (0xD800...0xDBFF).contains(scalar)
            append(scalar, to: &utf8)
        }
        return Text(utf8: utf8)
    }

    private mutating func scalar() -> UInt32 {
        switch random.below(12) {
        case 0: UInt32(random.below(0x20))
        case 1: UInt32(0x80 + random.below(0x780))
        case 2: UInt32(0x800 + random.below(0xD000))
        case 3: UInt32(0xD800 + random.below(0x800))
        case 4: UInt32(0x1_0000 + random.below(0x10_0000))
        default: UInt32(0x20 + random.below(0x5F))
        }
    }

    private func append(_ scalar: UInt32, to utf8: inout [UInt8]) {
        if let scalar = Unicode.Scalar(scalar) {
            utf8.append(contentsOf: Character(scalar).utf8)
        } else {
            utf8 += [0xED, UInt8(0x80 | scalar >> 6 & 0x3F), UInt8(0x80 | scalar & 0x3F)]
        }
    }

    /// A failure's text is a `String`, which has no surrogates.
    private func wellFormed(_ text: Text) -> String { text.string }

    private mutating func contextName() -> Text? { random.oneIn(4) ? nil : text() }

    // MARK: Dicts

    private mutating func pairs(_ keys: [Value], depth: Int) -> [Value.Pair] {
        keys.map { Value.Pair($0, value(depth: depth)) }
    }

    private mutating func keys(_ count: Int) -> [Value] {
        switch random.below(6) {
        case 0: unique(count) { .int($0.int()) }
        case 1: unique(count) { .bytes($0.bytes()) }
        case 2: unique(count) { .float(Double(1 + $0.random.below(1_000_000)) / 4) }
        case 3: unique(count) { .tuple([.int($0.int()), .text($0.text())]) }
        default: unique(count) { .text($0.text()) }
        }
    }

    private mutating func unique(_ count: Int, _ make: (inout ValueGenerator) -> Value) -> [Value] {
        var seen: Set<Value> = []
        return (0..<count).map { _ in make(&self) }.filter { seen.insert($0).inserted }
    }
}
