/// A probability: `Ratio(1, 20)` is one in twenty. At most 1; no floating point anywhere.
public struct Ratio: Hashable, Sendable {
    public let numerator: UInt32
    /// Never 0.
    public let denominator: UInt32

    /// A ratio above 1 traps.
    public init(_ numerator: UInt32, _ denominator: UInt32) {
        precondition(denominator > 0 && numerator <= denominator, "a probability is between 0 and 1")
        self.numerator = numerator
        self.denominator = denominator
    }

    /// It does not happen.
    public static let never = Ratio(0, 1)
}
