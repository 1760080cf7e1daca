import Glibc
import MitoCore
import MitoLinux

/// A moment as people read it. For logs only: what is decided is decided on the monotonic clock.
struct WallClock: Hashable {
    private let seconds: Int
    private let microseconds: Int

    private init(nanoseconds: Int64) {
        seconds = Int(nanoseconds / 1_000_000_000)
        microseconds = Int(nanoseconds % 1_000_000_000) / 1000
    }

    static var now: WallClock { WallClock(nanoseconds: Machine.realNanoseconds) }

    /// When `instant` of the monotonic clock is or was.
    init(_ instant: Instant) {
        self.init(nanoseconds: Machine.realNanoseconds - Machine.monotonicNanoseconds + instant.nanoseconds)
    }

    /// `12:34:56`, with `.123456` behind it on request. Local time.
    func text(hasMicroseconds: Bool) -> String {
        var time = tm()
        var seconds = seconds
        localtime_r(&seconds, &time)
        let clock = [time.tm_hour, time.tm_min, time.tm_sec].map { Self.padded(Int($0), to: 2) }.joined(separator: ":")
        return hasMicroseconds ? "\(clock).\(Self.padded(microseconds, to: 6))" : clock
    }

    private static func padded(_ number: Int, to width: Int) -> String {
        let digits = "\(number)"
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
