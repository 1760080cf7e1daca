import MitoCore
import MitoLinux

extension Instant {
    /// Now, as every process of this machine says.
    static var monotonic: Instant { Instant(nanoseconds: Machine.monotonicNanoseconds) }
}
