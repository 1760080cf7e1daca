/// Two distributions in whole numbers, so that a seed gives the same delays on every machine.
extension Random {
    /// A number from the exponential distribution, which is at most 44.4 times its mean.
    ///
    /// It is `-ln(u)` times the mean, for a number `u` between 0 and 1 of 64 bits, from one draw. The logarithm is less
    /// than 2^-31 off.
    ///
    /// - Parameter mean: not negative.
    mutating func exponential(mean: Int64) -> Int64 {
        let doublings = 64 << Self.fractionBits - Self.binaryLogarithm(next() | 1)
        let factor = doublings.multipliedFullWidth(by: Self.naturalLogarithmOf2).high
        let product = factor.multipliedFullWidth(by: UInt64(mean))
        guard product.high < 1 << (Self.fractionBits - 1) else { return .max }
        return Int64(product.high << Self.fractionBits | product.low >> Self.fractionBits)
    }

    /// A number from the normal distribution around 0, which is never further from it than six deviations.
    ///
    /// It is the sum of twelve uniform numbers of 16 bits each, from three draws. Its mean is 0 and its variance that
    /// of the distribution; the share of numbers below any bound is within 0.003 of the distribution's.
    ///
    /// - Parameter deviation: not negative.
    mutating func normal(deviation: Int64) -> Int64 {
        var sum: Int64 = 0
        for _ in 0..<3 {
            let bits = next()
            for shift in stride(from: 0, to: 64, by: 16) { sum += Int64(bits >> UInt64(shift) & 0xFFFF) }
        }
        // In units of 2^-16 deviations; each of the twelve has the mean 32,767.5.
        let distance = sum - 12 * 65_535 / 2
        let product = distance.magnitude.multipliedFullWidth(by: UInt64(deviation))
        let size = product.high << 48 | product.low >> 16
        let bounded = product.high < 1 << 15 ? Int64(size) : .max
        return distance < 0 ? -bounded : bounded
    }

    /// The logarithm of `number`, which is not 0, to the base 2, in units of 2^-32, rounded down.
    static func binaryLogarithm(_ number: UInt64) -> UInt64 {
        var result = UInt64(63 - number.leadingZeroBitCount)
        // A number from 1 to 2 in units of 2^-63. Squaring it doubles its logarithm, whose next bit says whether the
        // square reaches 2.
        var mantissa = number << UInt64(number.leadingZeroBitCount)
        for _ in 0..<fractionBits {
            let square = mantissa.multipliedFullWidth(by: mantissa).high
            let reaches2 = square >> 63
            mantissa = square << (1 - reaches2)
            result = result << 1 | reaches2
        }
        return result
    }

    private static let fractionBits: UInt64 = 32
    /// In units of 2^-64.
    private static let naturalLogarithmOf2: UInt64 = 0xB172_17F7_D1CF_79AB
}
