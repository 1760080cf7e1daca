import TestSupport
import Glibc
import MitoLinux

/// A program that was started here, with the descriptors that it was given, and dead with this value.
final class Run {
    enum User {
        /// Whoever runs the tests.
        case own
        /// One without any right.
        case ordinary
    }

    struct Finished {
        var output: String
        var errors: String
        var exit: ChildProcess.Exit
    }

    let pid: Int32
    private let input: FileDescriptor
    private let output: FileDescriptor
    private let errors: FileDescriptor
    private var exit: ChildProcess.Exit?

    /// - Parameter descriptors: numbers of the program, and what of ours they are.
    init(_ words: [String], as user: User = .own, descriptors: [Int32: Int32] = [:]) throws {
        let words = (user == .ordinary ? asOrdinaryUser : []) + words
        let toChild = try Pipe()
        let fromChild = try Pipe()
        let errorsOfChild = try Pipe()
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        // High first, so that no number is overwritten before it is copied.
        var copies: [(Int32, Int32)] = []
        for (number, own) in descriptors.sorted(by: { $0.key < $1.key }) {
            let high = fcntl(own, F_DUPFD_CLOEXEC, 100)
            copies.append((high, number))
        }
        defer { for (high, _) in copies { close(high) } }
        posix_spawn_file_actions_adddup2(&actions, toChild.output.number, 0)
        posix_spawn_file_actions_adddup2(&actions, fromChild.input.number, 1)
        posix_spawn_file_actions_adddup2(&actions, errorsOfChild.input.number, 2)
        for (high, number) in copies { posix_spawn_file_actions_adddup2(&actions, high, number) }
        var pid: Int32 = 0
        let arguments = words.map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        let code = posix_spawnp(&pid, words[0], &actions, nil, arguments, environ)
        guard code == 0 else { throw SystemError("posix_spawnp", code) }
        self.pid = pid
        input = try FileDescriptor.duplicate(of: toChild.input.number)
        output = fromChild.closingInput()
        errors = errorsOfChild.closingInput()
    }

    /// One line that it printed.
    func line() throws -> String {
        var text: [UInt8] = []
        var byte: [UInt8] = [0]
        while case .bytes = try output.read(into: &byte), byte[0] != UInt8(ascii: "\n") { text.append(byte[0]) }
        return String(decoding: text, as: UTF8.self)
    }

    func say(_ line: String) throws { _ = try input.writeAll(Array("\(line)\n".utf8)) }

    func send(_ signal: Int32) { kill(pid, signal) }

    /// All that it printed, and how it ended.
    func finish() throws -> Finished {
        let output = try self.output.readAll(bytesMax: 1 << 24) ?? []
        let errors = try self.errors.readAll(bytesMax: 1 << 20) ?? []
        return Finished(
            output: String(decoding: output, as: UTF8.self), errors: String(decoding: errors, as: UTF8.self),
            exit: waitForExit())
    }

    /// The same for what must go well.
    @discardableResult
    func succeed() throws -> String {
        let finished = try finish()
        guard finished.exit == .status(0) else { throw Unexpected(finished: finished) }
        return finished.output
    }

    func waitForExit() -> ChildProcess.Exit {
        if let exit { return exit }
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0 && errno == EINTR {}
        let ended = status & 0x7f == 0 ? ChildProcess.Exit.status(status >> 8 & 0xff) : .signal(status & 0x7f)
        exit = ended
        return ended
    }

    struct Unexpected: Error {
        var finished: Finished
    }

    deinit {
        if exit == nil {
            kill(pid, SIGKILL)
            _ = waitForExit()
        }
    }
}

/// What `/proc/PID/status` says.
struct Status: Equatable {
    private let fields: [Substring: Substring]

    init(_ text: String) {
        var fields: [Substring: Substring] = [:]
        for line in text.split(separator: "\n") {
            guard let colon = line.firstIndex(of: ":") else { continue }
            fields[line[..<colon]] = line[line.index(after: colon)...].drop { $0 == "\t" || $0 == " " }
        }
        self.fields = fields
    }

    /// Inheritable, permitted, effective, bounding and ambient.
    var capabilities: [UInt64] {
        ["CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"].map { UInt64(fields[$0] ?? "", radix: 16) ?? .max }
    }

    var isWithoutNewPrivileges: Bool { fields["NoNewPrivs"] == "1" }

    /// Real, effective, saved, and that of file systems.
    var users: [Substring] { fields["Uid"]?.split(separator: "\t") ?? [] }
    var groups: [Substring] { fields["Gid"]?.split(separator: "\t") ?? [] }
    var otherGroups: [Substring] { fields["Groups"]?.split(separator: " ") ?? [] }
    var state: Character? { fields["State"]?.first }

    static let nothing: [UInt64] = [0, 0, 0, 0, 0]
}

/// What the kernel shows in a file of `/proc`.
func proc(_ path: String) -> String? { Machine.text(of: "/proc/\(path)") }

/// Looks again until it is so; false when it still is not after what no machine is slow enough for.
func eventually(_ condition: () throws -> Bool) rethrows -> Bool {
    let end = Machine.monotonicNanoseconds + 30_000_000_000
    while try !condition() {
        guard Machine.monotonicNanoseconds < end else { return false }
        Machine.sleep(nanoseconds: 2_000_000)
    }
    return true
}
