import Glibc
import MitoLinux

/// Why `mito-ns` did not become the program: where it stopped, what the system said, and a sentence.
///
///     throw Refusal(.join, SystemError("setns", EINVAL), "the pid namespace of process 4711")
struct Refusal: Error, Equatable {
    /// How far it had come. Up to `open` nothing is changed; from `join` on the process that changed is gone.
    enum Stage: String {
        case arguments, open, join, create, root, user, capabilities, start
    }

    let stage: Stage
    /// An `errno`; 0 when it was no system call that failed.
    let code: Int32
    let text: String
    /// What the process ends with.
    let status: Int32

    init(_ stage: Stage, code: Int32 = 0, status: Int32 = NamespaceContract.failedStatus, _ text: String) {
        self.stage = stage
        self.code = code
        self.status = status
        self.text = text
    }

    /// A system call that failed, in the course of what `text` says.
    init(_ stage: Stage, _ error: SystemError, _ text: String) {
        self.init(stage, code: error.code, "\(text): \(error.call): \(String(cString: strerror(error.code)))")
    }

    /// A command line that makes no sense.
    static func usage(_ text: String) -> Refusal {
        Refusal(.arguments, code: EINVAL, status: NamespaceContract.usageStatus, text)
    }

    /// As it is told on descriptor 3: one line, whatever the names in it.
    var report: String {
        let line = text.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7f ? "?" : $0 }
        return "\(stage.rawValue) \(code) \(String(String.UnicodeScalarView(line)))\n"
    }
}

/// Runs `body`, and says in the course of what it failed.
@discardableResult
func during<Result: ~Copyable>(
    _ stage: Refusal.Stage, _ text: @autoclosure () -> String, _ body: () throws(SystemError) -> Result
) throws(Refusal) -> Result {
    do throws(SystemError) {
        return try body()
    } catch {
        throw Refusal(stage, error, text())
    }
}
