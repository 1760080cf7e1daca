import CMitoLinux
import Glibc

/// A bell that any thread may ring to wake the one that waits on `number`.
public struct WakeUp: ~Copyable, Sendable {
    private let descriptor: FileDescriptor

    /// A silent bell.
    public init() throws(SystemError) {
        descriptor = FileDescriptor(
            owning: try system("eventfd") { eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK)) })
    }

    /// Readable while it rings.
    public var number: Int32 { descriptor.number }

    /// Rings. Ringing twice is ringing once.
    public borrowing func ring() {
        // It fails only when the counter is full, and then the bell rings already.
        _ = try? system("eventfd_write") { [number = descriptor.number] in eventfd_write(number, 1) }
    }

    /// Silences the bell.
    public borrowing func clear() {
        var count: eventfd_t = 0
        _ = try? system("eventfd_read") { [number = descriptor.number] in eventfd_read(number, &count) }
    }
}
