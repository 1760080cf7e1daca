import Foundation

/// What a person types, line by line.
enum Prompt {
    /// Is there somebody who could answer?
    static var isPossible: Bool { isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1 }

    /// Asks, and waits for a line; nil when there will be none, or the process was asked to end.
    static func ask(_ question: String) -> String? {
        _ = OutputFile.put("\(question) ".utf8, into: STDOUT_FILENO)
        guard waitForInput(), let line = readLine() else {
            _ = OutputFile.put("\n".utf8, into: STDOUT_FILENO)
            return nil
        }
        return line.trimmingCharacters(in: .whitespaces)
    }

    /// A read goes on after a signal; a poll does not.
    private static func waitForInput() -> Bool {
        var descriptor = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
        while !Interruption.hasCome {
            if poll(&descriptor, 1, -1) > 0 { return true }
            if errno != EINTR { return false }
        }
        return false
    }
}
