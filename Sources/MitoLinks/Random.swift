/// A stream of numbers that a seed and a name decide wholly.
///
/// Whoever draws has a stream of its own, named after what it decides, so that one more draw in one place shifts
/// nothing elsewhere:
/// ```swift
/// var delays = Random(seed: 7, stream: "link 3 up delay")
/// let face = delays.below(6) + 1
/// ```
/// The generator is SplitMix64; the bounded draw is our own, so that no release of a standard library changes a run.
public struct Random: Hashable, Sendable {
    /// Streams of one seed differ in where they start on the generator's one cycle of 2^64 numbers.
    public init(seed: UInt64, stream: String) {
        var name = Self.fnvOffset
        for byte in stream.utf8 { name = (name ^ UInt64(byte)) &* Self.fnvPrime }
        state = Self.mixed(Self.mixed(seed &+ Self.increment) ^ name)
    }

    /// The next 64 bits.
    public mutating func next() -> UInt64 {
        state &+= Self.increment
        return Self.mixed(state)
    }

    /// A number in `0 ..< bound`, all equally likely. `bound` must not be 0.
    public mutating func below(_ bound: UInt64) -> UInt64 {
        precondition(bound > 0, "nothing can be drawn from an empty range")
        // The high half of the product is the draw; the few low halves that would favour some results are refused.
        var product = next().multipliedFullWidth(by: bound)
        if product.low < bound {
            let favoured = (0 &- bound) % bound
            while product.low < favoured { product = next().multipliedFullWidth(by: bound) }
        }
        return product.high
    }

    /// True as often as the ratio says. Certain and impossible things cost a draw too, so that changing the ratio
    /// of one fault shifts no later one.
    public mutating func chance(_ ratio: Ratio) -> Bool {
        below(UInt64(ratio.denominator)) < UInt64(ratio.numerator)
    }

    private var state: UInt64

    private static func mixed(_ value: UInt64) -> UInt64 {
        var z = value
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    private static let increment: UInt64 = 0x9E37_79B9_7F4A_7C15
    private static let fnvOffset: UInt64 = 0xCBF2_9CE4_8422_2325
    private static let fnvPrime: UInt64 = 0x0000_0100_0000_01B3
}
