import CMitoLinux
#if canImport(Glibc)
import Glibc
#else
import Musl
#endif

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
        var one: UInt64 = 1
        _ = withUnsafeBytes(of: &one) { try? descriptor.write($0) }
    }

    /// Silences the bell.
    public borrowing func clear() {
        var count: UInt64 = 0
        _ = withUnsafeMutableBytes(of: &count) { try? descriptor.read(into: $0) }
    }
}
