import CMitoLinux
import Glibc

/// What a process still says when it crashes, or when some code calls `exit`: what it printed to its stderr and nobody
/// has read, the function that ran, and the runtime's backtrace where there is a backtracer.
///
///     try LastWords.prepare(to: errors, from: captured)
///     LastWords.isRunning("demo.index")
public enum LastWords {
    /// Prepares them, once in a process. Both descriptors must stay open for good.
    ///
    /// - Parameters:
    ///   - errors: where they go: whoever started this process reads it.
    ///   - captured: what stands for this process's stderr is read from here, without waiting.
    public static func prepare(
        to errors: borrowing FileDescriptor, from captured: borrowing FileDescriptor
    ) throws(SystemError) {
        let (to, from) = (errors.number, captured.number)
        try system("sigaction") { mito_prepare_last_words(to, from) }
    }

    /// Takes something from `captured` and passes it on, as one deed: last words come before it or after it. Not done
    /// while they are being said, by another thread, as what was printed is among them.
    public static func passOn(_ body: () -> Void) {
        guard mito_begin_taking() != 0 else { return }
        body()
        mito_end_taking()
    }

    /// The process ends in order: nothing needs to be said.
    public static func spare() { mito_have_no_last_words() }

    /// Names the function that runs; nil = none does.
    public static func isRunning(_ function: String?) { mito_is_running(function ?? "") }

    /// The function that a line of them names; nil when it names none.
    public static func function(in line: String) -> String? {
        line.hasPrefix(MITO_RUNNING) ? String(line.dropFirst(MITO_RUNNING.count)) : nil
    }
}
