import CMitoLinux
import Glibc

/// Signals that are read instead of suffered: a descriptor is readable when one has come.
///
///     let bell = try SignalBell([SIGTERM, SIGINT])
///     try poller.add(bell.descriptor.number, token: 1, reads: true, writes: false)
///     for number in bell.take() { … }
public struct SignalBell: ~Copyable, Sendable {
    /// To be watched, and not to be read.
    public let descriptor: FileDescriptor

    /// Blocks the signals in the calling thread, which should be the only one. Programs that are started from here
    /// have them as usual.
    public init(_ signals: [Int32]) throws(SystemError) {
        descriptor = FileDescriptor(
            owning: try system("signalfd") { mito_signal_descriptor(signals, Int32(signals.count)) })
    }

    /// Those that have come, in the order in which the kernel tells them.
    public borrowing func take() -> [Int32] {
        var signals: [Int32] = []
        while true {
            let number = mito_take_signal(descriptor.number)
            if number == 0 { return signals }
            signals.append(number)
        }
    }

    /// Ends this process by a signal, as it would end who has never heard of it, but without a core. Returns
    /// when that one ends nobody.
    public static func endProcess(by number: Int32) { mito_end_by_signal(number) }

    /// Collects every child that has ended: what the first process of a pid namespace owes to orphans.
    public static func reapOrphans() { while mito_reap_any() != 0 {} }
}
