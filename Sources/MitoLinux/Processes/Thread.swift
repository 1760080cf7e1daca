import CMitoLinux
import Glibc

/// A thread of the operating system.
public struct Thread: Sendable {
    private let handle: pthread_t

    /// Starts a thread that runs `body`. Fails when the system has no room for one.
    ///
    /// SIGPIPE is blocked in it, so that writing to a lost peer is an error and not a death; the rest of the
    /// process keeps its habits.
    public init(_ name: String, _ body: sending @escaping () -> Void) throws(SystemError) {
        let start = Unmanaged.passRetained(Start(name, body))
        var handle = pthread_t()
        let code = pthread_create(
            &handle, nil,
            { argument in
                let start = Unmanaged<Start>.fromOpaque(argument!).takeRetainedValue()
                Thread.setName(start.name)
                Thread.blockBrokenPipeSignal()
                start.body()
                return nil
            }, start.toOpaque())
        guard code == 0 else {
            start.release()
            throw SystemError("pthread_create", code)
        }
        self.handle = handle
    }

    /// Waits until it has ended. Once only.
    public func join() { pthread_join(handle, nil) }

    /// Lets it end by itself.
    public func detach() { pthread_detach(handle) }

    /// Names the calling thread, for `ps` and debuggers; the main thread's name is its process's. Cut to 15 bytes.
    public static func setName(_ name: String) { _ = mito_set_thread_name(name) }

    /// Runs `body` with SIGPIPE blocked in the calling thread, which sees none afterwards that came of it.
    public static func withoutBrokenPipeSignal<Result>(_ body: () throws -> Result) rethrows -> Result {
        guard mito_hold_broken_pipe() == 1 else { return try body() }
        defer { mito_release_broken_pipe() }
        return try body()
    }

    /// Blocks SIGPIPE in the calling thread.
    public static func blockBrokenPipeSignal() { _ = mito_block_signal(SIGPIPE, 1) }

    private final class Start {
        let name: String
        let body: () -> Void

        init(_ name: String, _ body: @escaping () -> Void) {
            self.name = name
            self.body = body
        }
    }
}
