import Glibc
import MitoCore
import MitoLinux
import MitoLive

/// The processes of a live tree, found by what they carry: the trace's path in their environment, which only this
/// run's contexts have, and their context's name as their own.
enum ProcessTable {
    /// The process of a context; nil when there is none.
    static func process(of context: String, inTree trace: String) -> pid_t? {
        processes(ofTree: trace).first { $0.name == namePrefix + context }?.id
    }

    /// Ends a process without a word.
    static func kill(_ process: pid_t) { _ = Glibc.kill(process, SIGKILL) }

    /// Stops a process where it is; returns when no thread of it runs any more.
    static func freeze(_ process: pid_t) {
        _ = Glibc.kill(process, SIGSTOP)
        // One of its threads has to take the signal; on a busy machine the others run on until that one has its turn.
        let end = Instant.monotonic + stopMax
        while !isStopped(process), .monotonic < end { Machine.sleep(nanoseconds: 100_000) }
    }

    /// Lets a stopped process go on.
    static func thaw(_ process: pid_t) { _ = Glibc.kill(process, SIGCONT) }

    /// The names of the contexts whose processes run.
    static func contexts(ofTree trace: String) -> Set<String> {
        Set(processes(ofTree: trace).map { String($0.name.dropFirst(namePrefix.utf8.count)) })
    }

    /// Waits until the tree's processes are gone, at most so long; what is still there is named, and killed.
    static func whatIsLeft(ofTree trace: String, after time: Duration) -> [String] {
        let end = Instant.monotonic + time
        var left = processes(ofTree: trace)
        while !left.isEmpty, Instant.monotonic < end {
            Machine.sleep(nanoseconds: Duration.milliseconds(5).nanoseconds)
            left = processes(ofTree: trace)
        }
        for process in left { kill(process.id) }
        return left.map { "process \($0.id) of \($0.name)" }
    }

    /// The descriptors that this process has open now.
    static var openDescriptors: Set<Int32> {
        // The list holds the descriptor that reads it, which is closed by then.
        Set(Machine.names(in: "/proc/self/fd").compactMap { Int32($0) }.filter { fcntl($0, F_GETFD) != -1 })
    }

    /// Those that are open beyond `known`, and stay so: what a thread that is about to end still holds is waited for.
    static func descriptorsLeft(beyond known: Set<Int32>) -> Set<Int32> {
        let end = Instant.monotonic + .seconds(1)
        var left = openDescriptors.subtracting(known)
        while !left.isEmpty, .monotonic < end {
            Machine.sleep(nanoseconds: Duration.milliseconds(5).nanoseconds)
            left = openDescriptors.subtracting(known)
        }
        return left
    }

    private static let namePrefix = "mitogen:"
    /// More than the kernel lets arguments and environment together have.
    private static let wordsBytesMax = 8 << 20
    /// How long a process may take to stop before the story goes on without that.
    private static let stopMax = Duration.seconds(1)

    private struct Entry {
        var id: pid_t
        var name: String
    }

    private static func processes(ofTree trace: String) -> [Entry] {
        let wanted = "\(Broker.Settings.traceVariable)=\(trace)"
        return Machine.names(in: "/proc").compactMap { pid_t($0) }.sorted().compactMap { id in
            // A process that has ended and waits to be reaped has neither.
            guard let name = words(of: "/proc/\(id)/cmdline").first, name.hasPrefix(namePrefix),
                words(of: "/proc/\(id)/environ").contains(wanted[...])
            else { return nil }
            return Entry(id: id, name: String(name))
        }
    }

    private static func words(of path: String) -> [Substring] {
        Machine.text(of: path, bytesMax: wordsBytesMax)?.utf8.split(separator: 0).map(Substring.init) ?? []
    }

    private static func isStopped(_ process: pid_t) -> Bool {
        Machine.names(in: "/proc/\(process)/task").allSatisfy { thread in
            ProcessStatus(of: "/proc/\(process)/task/\(thread)/stat")?.isStill ?? true
        }
    }
}
