import TestSupport
import Glibc
import MitoLinux
import Synchronization

/// Python Mitogen 0.3.54 in a virtual environment, and the program that it runs.
///
/// `MITOSCOPE_VENV` names the environment; without it one is made under `.build`. Only `none` goes without.
enum Referee {
    static let stories = [
        "values", "typed-values", "errors", "malformed-calls", "pipelining", "order", "streams-to-python",
        "streams-from-python", "streams-between-siblings", "logs", "shutdown", "shutdown-while-a-function-runs",
        "end-of-the-program", "killed-child", "unknown-handle", "authority", "via", "via-without-a-path",
        "via-that-fails", "losing-a-grandchild", "below-python", "raw-terminal",
        "killed-parent", "large-messages", "typed-functions", "time-outs-behind-calls",
    ]

    static var isWanted: Bool { Machine.environmentVariable("MITOSCOPE_VENV") != "none" }

    /// The example program.
    static let surveyPath = Built.path("survey")

    /// Runs `referee.py`: everything that it or a child of it printed, until nobody is left who could print.
    static func run(_ arguments: [String]) async throws -> (output: String, exit: ChildProcess.Exit) {
        try await inThread { try run([try python.get(), script] + arguments) }
    }

    private static let script = folder(of: #filePath) + "/referee.py"

    /// The interpreter; made once, and by one thread.
    private static let python = Result { () throws -> String in
        let environment =
            Machine.environmentVariable("MITOSCOPE_VENV")
            ?? folder(of: folder(of: folder(of: #filePath))) + "/.build/venv"
        let python = environment + "/bin/python"
        let check = "import mitogen; assert mitogen.__version__ == (0, 3, 54)"
        if try run([python, "-c", check]).exit == .status(0) { return python }
        for command in [
            ["python3", "-m", "venv", environment],
            [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "mitogen==0.3.54"],
        ] {
            let (output, exit) = try run(command)
            guard exit == .status(0) else { throw NoReferee(command: command, output: output) }
        }
        return python
    }

    /// There is no Python Mitogen, and it could not be made.
    struct NoReferee: Error {
        var command: [String]
        var output: String
    }

    private static func run(_ command: [String]) throws -> (output: String, exit: ChildProcess.Exit) {
        let pair = try SocketPair()
        let process: ChildProcess
        do {
            process = try ChildProcess(
                program: command[0], arguments: command, environment: Machine.environment, stream: pair.far,
                errors: pair.far.number)
        } catch {
            return ("\(error)", .status(127))
        }
        let stream = pair.closingFar()
        var output: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 * 1024)
        while case .bytes(let count) = try stream.read(into: &buffer) { output += buffer[..<count] }
        while true {
            if let exit = process.reap() { return (String(decoding: output, as: UTF8.self), exit) }
            Machine.sleep(nanoseconds: 1_000_000)
        }
    }

    /// A child dies with the thread that started it, and a test's own thread must not block: so it gets one.
    private static func inThread<Result: Sendable>(
        _ body: @escaping @Sendable () throws -> Result
    ) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            do {
                try Thread("referee") { continuation.resume(with: Swift.Result(catching: body)) }.detach()
            } catch {
                continuation.resume(throwing: error)
            }
        }
    }

    private static func folder(of path: String) -> String {
        path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
    }
}
