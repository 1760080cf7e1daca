import Dispatch
import Foundation
import MitoLinux

/// A program that is run to see what it says: without input, and for ten seconds at most.
///
/// ```swift
/// let version = ProgramRun("ssh", ["-V"])?.firstLine
/// ```
struct ProgramRun {
    /// What it ended with; 128 and the signal's number when a signal ended it, ours too.
    let status: Int32
    /// The beginning of what it printed, mistakes too.
    let output: String

    /// Nil when there is no such program.
    ///
    /// - Parameter program: a path with a slash in it, or a name that is looked up in PATH.
    init?(_ program: String, _ words: [String]) {
        let candidates = program.contains("/") ? [program] : Self.folders.map { "\($0)/\(program)" }
        guard let path = candidates.first(where: Machine.isProgram), let said = try? FileDescriptor.inMemory("said")
        else { return nil }
        let process = Process()
        process.executableURL = URL(filePath: path)
        process.arguments = words
        process.standardInput = FileHandle.nullDevice
        // No pipe: what the program leaves running could hold it open.
        let output = FileHandle(fileDescriptor: said.number, closeOnDealloc: false)
        (process.standardOutput, process.standardError) = (output, output)
        let ended = DispatchSemaphore(value: 0)
        process.terminationHandler = { _ in ended.signal() }
        guard (try? process.run()) != nil else { return nil }
        if ended.wait(timeout: .now() + Self.patience) == .timedOut {
            kill(process.processIdentifier, SIGKILL)
            ended.wait()
        }
        let status = process.terminationStatus
        self.status = process.terminationReason == .uncaughtSignal ? 128 + status : status
        lseek(said.number, 0, SEEK_SET)
        self.output =
            (try? output.read(upToCount: Self.outputBytesMax)).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }

    /// What people read of it.
    var firstLine: String {
        output.split(separator: "\n").first.map { $0.trimmingCharacters(in: .whitespaces) } ?? ""
    }

    /// Where programs are looked for.
    static var folders: [String] {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        return path.split(separator: ":").map(String.init)
    }

    private static let patience = DispatchTimeInterval.seconds(10)
    private static let outputBytesMax = 4096
}
