/// A probability as a story writes it: `Ratio(1, 20)` is one in twenty. At most 1; no floating point anywhere.
public struct Ratio: Hashable, Sendable {
    public let numerator: UInt32
    /// Never 0.
    public let denominator: UInt32

    /// For numbers that we write ourselves: a ratio above 1 traps.
    public init(_ numerator: UInt32, _ denominator: UInt32) {
        precondition(denominator > 0 && numerator <= denominator, "a probability is between 0 and 1")
        self.numerator = numerator
        self.denominator = denominator
    }

    /// For numbers that come from outside: nil unless they make a probability.
    public init?(checking numerator: UInt32, _ denominator: UInt32) {
        guard denominator > 0, numerator <= denominator else { return nil }
        self.init(numerator, denominator)
    }

    public static let never = Ratio(0, 1)
    public static let always = Ratio(1, 1)
}

extension Ratio: CustomStringConvertible {
    public var description: String { "\(numerator)/\(denominator)" }
}
