import MitoCore
import Mitoscope
import Testing

@Suite struct DurationTextTests {
    @Test(
        arguments: [
            ("0s", 0), ("7ns", 7), ("250us", 250_000), ("10ms", 10_000_000), ("5s", 5_000_000_000),
            ("2min", 120_000_000_000), ("1h", 3_600_000_000_000), ("1m30s", 90_000_000_000),
            ("1h1ms", 3_600_001_000_000), ("1.5s", 1_500_000_000), ("17.5ms", 17_500_000), ("35.205ms", 35_205_000),
            ("0.000000001s", 1), ("1.0ns", 1), ("1m0.5s", 60_500_000_000), ("9223372036.854775807s", .max),
        ] as [(String, Int64)])
    func `a duration is read as stories write it`(_ text: String, _ nanoseconds: Int64) {
        #expect(Duration(text) == .nanoseconds(nanoseconds))
    }

    @Test(arguments: [
        "", "5", "s", "5 s", "-5s", "+5s", "5s ", "1.5", ".5s", "1.s", "1.5.5s", "1.5ns", "1.0000000001s",
        "9223372036.854775808s", "5sec", "5S", "٣s", "99999999999999999999s", "2562047h1h", "3000000h",
    ])
    func `anything else is not a duration`(_ text: String) {
        #expect(Duration(text) == nil)
    }

    @Test(
        arguments: [.float(-1), .float(.nan), .float(.infinity), .float(1e300), .int(-1), .none, .bool(true)] as [Value]
    )
    func `neither less than nothing nor more than all time is a duration`(_ value: Value) {
        #expect(Duration(value) == nil)
    }

    @Test(arguments: [0, 1, 1_000, 90_000_000_000, 3_600_000_000_000, .max] as [Int64])
    func `what a duration prints is read as the same`(_ nanoseconds: Int64) {
        let duration = Duration.nanoseconds(nanoseconds)
        #expect(Duration(duration.description) == duration)
    }

    @Test(arguments: [0, 1, -1, 1_500_000_000, .max, .min] as [Int64])
    func `a duration is one of the standard library's, and back`(_ nanoseconds: Int64) {
        #expect(Duration(Swift.Duration(Duration.nanoseconds(nanoseconds))) == .nanoseconds(nanoseconds))
    }

    @Test func `what is longer than anybody waits is as long as there is, and what is shorter than a nanosecond none`()
    {
        #expect(Duration(Swift.Duration.seconds(Int64.max)) == .nanoseconds(.max))
        #expect(Duration(Swift.Duration(secondsComponent: 1, attosecondsComponent: 999_999_999)) == .seconds(1))
    }
}
