public import MitoCore
import MitoLinux

extension Instant {
    /// Now, on the clock that all processes of a host share.
    public static var monotonic: Instant { Instant(nanoseconds: Machine.monotonicNanoseconds) }

    /// What no clock reaches.
    static var distantFuture: Instant { Instant(nanoseconds: .max) }
}
