import Foundation
import MitoCore
import Testing

@testable import MitoLinks

@Suite struct DelayTests {
    @Test func `a uniform delay stays within its bounds and varies`() {
        let drawn = draws(200, .uniform(.milliseconds(20), .milliseconds(30)))
        #expect(drawn.allSatisfy { $0 >= .milliseconds(20) && $0 <= .milliseconds(30) })
        #expect(drawn.contains { $0 < .milliseconds(22) } && drawn.contains { $0 > .milliseconds(28) })
    }

    @Test func `a delay from nothing to for ever can be drawn`() {
        #expect(draws(100, .uniform(.zero, .nanoseconds(.max))).allSatisfy { $0 >= .zero })
        #expect(draws(1, .uniform(.nanoseconds(.min), .nanoseconds(.min))) == [.zero])
    }

    @Test func `an exponential delay has its mean, its deviation and its floor`() {
        let drawn = draws(20_000, .exponential(mean: .milliseconds(30), floor: .milliseconds(10)))
        let moments = Moments(drawn)
        #expect(drawn.allSatisfy { $0 >= .milliseconds(10) })
        #expect((29.5...30.5).contains(moments.mean) && (19.2...20.8).contains(moments.deviation))
        // Half of what is above the floor is below ln 2 of its mean.
        let below = drawn.count { $0 < .microseconds(10_000 + 13_863) }
        #expect((9_700...10_300).contains(below))
    }

    @Test func `a normal delay has its mean, its deviation and its share within one deviation`() {
        let drawn = draws(20_000, .normal(mean: .milliseconds(50), deviation: .milliseconds(5), floor: .zero))
        let moments = Moments(drawn)
        #expect((49.8...50.2).contains(moments.mean) && (4.9...5.1).contains(moments.deviation))
        let near = drawn.count { $0 >= .milliseconds(45) && $0 <= .milliseconds(55) }
        #expect((13_400...13_900).contains(near))
        #expect(drawn.contains { $0 > .milliseconds(62) } && drawn.contains { $0 < .milliseconds(38) })
    }

    @Test func `a normal delay is never less than its floor`() {
        let drawn = draws(1_000, .normal(mean: .milliseconds(1), deviation: .seconds(1), floor: .microseconds(300)))
        #expect(drawn.min() == .microseconds(300))
    }

    @Test(arguments: [
        Delay.exponential(mean: .nanoseconds(.max), floor: .zero),
        .exponential(mean: .zero, floor: .nanoseconds(.max)), .exponential(mean: .nanoseconds(.min), floor: .zero),
        .normal(mean: .nanoseconds(.max), deviation: .nanoseconds(.max), floor: .zero),
        .normal(mean: .nanoseconds(.min), deviation: .nanoseconds(.min), floor: .nanoseconds(.min)),
    ])
    func `the longest and the most senseless delays can be drawn`(delay: Delay) {
        #expect(draws(1_000, delay).allSatisfy { $0 >= .zero })
    }

    @Test func `the first delays of a seed are pinned`() {
        let exponential = draws(2, .exponential(mean: .seconds(1), floor: .zero))
        #expect(exponential.map(\.nanoseconds) == [979_297_474, 37_322_351])
        let normal = draws(2, .normal(mean: .seconds(9), deviation: .seconds(1), floor: .zero))
        #expect(normal.map(\.nanoseconds) == [9_510_772_705, 8_395_660_401])
    }

    @Test func `logarithms are as good as said`() {
        for number in [1, 2, 3, 7, 1_000_003, 1 << 40, .max / 3, .max - 1, .max] as [UInt64] {
            let exact = log2(Double(number)) * 0x1p32
            #expect(abs(Double(Random.binaryLogarithm(number)) - exact) < 2)
        }
    }

    private func draws(_ count: Int, _ delay: Delay) -> [Duration] {
        var random = Random(seed: 1, stream: "delay")
        return (0..<count).map { _ in delay.draw(from: &random) }
    }
}

/// Of durations, in milliseconds.
private struct Moments {
    let mean: Double
    let deviation: Double

    init(_ durations: [Duration]) {
        let numbers = durations.map { Double($0.nanoseconds) / 1e6 }
        let mean = numbers.reduce(0, +) / Double(numbers.count)
        self.mean = mean
        deviation = (numbers.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / Double(numbers.count)).squareRoot()
    }
}
