import Glibc

/// A system call that failed: which one, and why.
public struct SystemError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The call as its manual page names it.
    public let call: String
    /// The `errno` that it left.
    public let code: Int32

    /// Names a failure of `call`.
    public init(_ call: String, _ code: Int32) {
        self.call = call
        self.code = code
    }

    /// Did it fail because there is something of that name?
    public var isAlreadyThere: Bool { code == EEXIST }

    /// Did it fail because somebody has that address or name?
    public var isInUse: Bool { code == EADDRINUSE }

    /// Did it fail because nobody listens there?
    public var isRefused: Bool { code == ECONNREFUSED }

    /// Would the call have had to wait?
    public var isNothingThere: Bool { code == EAGAIN }

    /// Did it fail because there is no process of that number?
    public var isNoSuchProcess: Bool { code == ESRCH }

    /// The reason as Python prints it: `[Errno 2] No such file or directory`.
    public var reason: String { "[Errno \(code)] \(String(cString: strerror(code)))" }

    /// Has this process, or the whole system, as many descriptors as it may have?
    public var isOutOfDescriptors: Bool { code == EMFILE || code == ENFILE }

    public var description: String { "\(call): \(reason)" }
}

/// The one way into the kernel: runs `body` again when a signal cut it short, and takes `errno` on the very next line.
///
/// - Parameters:
///   - call: the system call's name, for the error.
///   - isRestarted: false = a signal is an error like any other.
/// - Returns: what the call returned, never negative.
@discardableResult
package func system<Number: SignedInteger>(
    _ call: StaticString, isRestarted: Bool = true, _ body: () -> Number
) throws(SystemError) -> Number {
    while true {
        let result = body()
        let code = errno
        if result >= 0 { return result }
        if code != EINTR || !isRestarted { throw SystemError("\(call)", code) }
    }
}

/// What a call that must not block came to.
public enum Transfer: Hashable, Sendable {
    /// This many bytes moved, at least one.
    case bytes(Int)
    /// It would have to wait.
    case wouldBlock
    /// The other end is gone: end of file, or the peer reset.
    case closed
}

/// Like `system`, for reads and writes: what a lost peer does to a stream is a result and not an error.
func transfer(_ call: StaticString, _ body: () -> Int) throws(SystemError) -> Transfer {
    do throws(SystemError) {
        let count = try system(call, body)
        return count == 0 ? .closed : .bytes(count)
    } catch {
        switch error.code {
        case EAGAIN: return .wouldBlock
        // A terminal whose other side hung up answers EIO.
        case EPIPE, ECONNRESET, EIO: return .closed
        default: throw error
        }
    }
}
