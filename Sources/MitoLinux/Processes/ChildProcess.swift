import CMitoLinux
import Glibc

/// A process that this one started, held by a pidfd: signals can never hit a stranger who got its number.
///
/// It dies (SIGKILL) when the *thread* that started it ends, so start children from a thread that lasts.
public struct ChildProcess: ~Copyable, Sendable {
    /// How a process ended.
    public enum Exit: Hashable, Sendable, CustomStringConvertible {
        /// It returned this status.
        case status(Int32)
        /// This signal ended it.
        case signal(Int32)

        /// The same with the signal's name: `signal 9 (SIGKILL)`.
        public var explanation: String {
            guard case .signal(let number) = self, let name = Self.names[number] else { return description }
            return "signal \(number) (\(name))"
        }

        private static let names = [
            SIGHUP: "SIGHUP", SIGINT: "SIGINT", SIGQUIT: "SIGQUIT", SIGILL: "SIGILL", SIGTRAP: "SIGTRAP",
            SIGABRT: "SIGABRT", SIGBUS: "SIGBUS", SIGFPE: "SIGFPE", SIGKILL: "SIGKILL", SIGSEGV: "SIGSEGV",
            SIGPIPE: "SIGPIPE", SIGALRM: "SIGALRM", SIGTERM: "SIGTERM", SIGXCPU: "SIGXCPU", SIGSYS: "SIGSYS",
        ]

        /// For people: `exit 1`, `signal 9`.
        public var description: String {
            switch self {
            case .status(let code): "exit \(code)"
            case .signal(let number): "signal \(number)"
            }
        }
    }

    /// SIGTERM: asks a process to end.
    public static let terminationSignal = SIGTERM
    /// SIGKILL: ends a process, a stopped one too.
    public static let killSignal = SIGKILL

    /// Its number, for people and for `ps`.
    public let pid: Int32
    private let handle: FileDescriptor

    /// What a child is handed beside its stdio: descriptors of ours, which have the numbers of `NamespaceContract`
    /// there.
    ///
    ///     var handed = Handed()
    ///     handed.image = agent.number
    public struct Handed: Hashable, Sendable {
        /// Written to, in one line, by who cannot become the program that it is to become.
        public var report: Int32?
        /// The program itself, open for reading.
        public var image: Int32?
        /// A pidfd of the process whose namespaces are joined.
        public var process: Int32?

        public init() {}
    }

    /// Starts `program` with `stream` as its stdin and stdout.
    ///
    /// - Parameters:
    ///   - program: a path, or a name to be looked up in PATH; nil = the image that is handed.
    ///   - arguments: all of them, the name that `ps` shows first.
    ///   - environment: `NAME=value` each.
    ///   - errors: what becomes its stderr; nil = the same as ours.
    ///   - handed: what else it gets.
    public init(
        program: String?, arguments: [String], environment: [String],
        stream: borrowing FileDescriptor, errors: Int32? = nil, handed: Handed = Handed()
    ) throws(SystemError) {
        precondition(program != nil || handed.image != nil, "a child without a program")
        let argv = CStrings(arguments)
        let envp = CStrings(environment)
        let names = CStrings(program.map { [$0] } ?? [])
        var child = mito_child()
        child.program = names.pointers[0].map { UnsafePointer($0) }
        (child.arguments, child.environment) = (UnsafePointer(argv.pointers), UnsafePointer(envp.pointers))
        (child.stream, child.errors) = (stream.number, errors ?? -1)
        child.handed = (handed.report ?? -1, handed.image ?? -1, handed.process ?? -1)
        child.handed_count = handed == Handed() ? 0 : Int32(MITO_HANDED_MAX)
        var pidfd: Int32 = -1
        pid = try withExtendedLifetime((argv, envp, names)) { () throws(SystemError) in
            try system("clone") { mito_spawn(&child, &pidfd) }
        }
        handle = FileDescriptor(owning: pidfd)
    }

    /// Readable as soon as the process has ended.
    public var number: Int32 { handle.number }

    /// Sends a signal; a process that is gone already is no error.
    public borrowing func send(_ signal: Int32) { _ = mito_pidfd_send_signal(handle.number, signal) }

    /// Blocks this thread until it has ended, and collects it.
    public borrowing func wait() { _ = waitForExit() }

    /// The same; returns how it ended.
    public borrowing func waitForExit() -> Exit {
        var watched = pollfd(fd: handle.number, events: Int16(POLLIN), revents: 0)
        while true {
            while poll(&watched, 1, -1) <= 0 {}
            if let exit = reap() { return exit }
        }
    }

    /// The same, at most for so long; nil when it still lives.
    public borrowing func waitForExit(nanoseconds: Int64) -> Exit? {
        let end = Machine.monotonicNanoseconds + nanoseconds
        var watched = pollfd(fd: handle.number, events: Int16(POLLIN), revents: 0)
        while true {
            if let exit = reap() { return exit }
            let left = (end - Machine.monotonicNanoseconds) / 1_000_000
            guard left >= 0 else { return nil }
            poll(&watched, 1, Int32(clamping: left + 1))
        }
    }

    /// How it ended, once; nil while it lives. Never waits.
    public borrowing func reap() -> Exit? {
        var isSignal: Int32 = 0
        var status: Int32 = 0
        let handle = handle.number
        do throws(SystemError) {
            guard try system("waitid", { mito_reap(handle, &isSignal, &status) }) == 1 else { return nil }
            return isSignal != 0 ? .signal(status) : .status(status)
        } catch {
            // Somebody in this process waits for every child, or ignores SIGCHLD: it is gone, and nobody knows how.
            return .status(-1)
        }
    }
}
