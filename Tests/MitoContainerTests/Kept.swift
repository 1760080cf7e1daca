import TestSupport
import Glibc
import MitoLinux
import Mitoscope

/// A program that runs until it is ended. It has a thread of its own, with which it ends, since the threads that tests
/// run on come and go; and its stdin stays open until then.
final class Kept: Sendable {
    private final class Running: Sendable {
        let process: ChildProcess
        let stream: FileDescriptor

        init(_ words: [String]) throws(SystemError) {
            let pair = try SocketPair()
            process = try ChildProcess(
                program: words[0], arguments: words, environment: Machine.environment, stream: pair.far)
            stream = pair.closingFar()
        }
    }

    private let running: Running

    init(_ words: [String]) throws {
        let answer = Answer<Result<Running, SystemError>>()
        try Thread("kept") {
            let result = Result { () throws(SystemError) in try Running(words) }
            answer.give(result)
            if case .success(let running) = result { running.process.wait() }
        }.detach()
        running = try answer.wait().get()
    }

    var pid: Int32 { running.process.pid }

    func end() { running.process.send(SIGKILL) }

    /// The first of its children, once that one is what it is to be.
    func child(named name: String) throws -> Int32 {
        try found("a child of \(pid) named \(name)") {
            Processes.children(of: self.pid).first { Processes.read("/proc/\($0.pid)/comm") == name + "\n" }?.pid
        }
    }
}

/// Looks again until there is something, for as long as no machine needs.
func found<Thing>(_ what: String, _ look: () throws -> Thing?) throws -> Thing {
    let end = Machine.monotonicNanoseconds + 30_000_000_000
    while Machine.monotonicNanoseconds < end {
        if let thing = try look() { return thing }
        usleep(5_000)
    }
    throw Missing(what: what)
}
