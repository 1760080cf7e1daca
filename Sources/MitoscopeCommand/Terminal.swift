import Foundation

/// Where output goes. Colours and progress are for terminals; a pipe gets plain lines.
struct Terminal {
    /// Is standard output a terminal that knows colours?
    private let hasColours: Bool
    private let hasProgress: Bool

    init() {
        let environment = ProcessInfo.processInfo.environment
        hasColours = isatty(STDOUT_FILENO) == 1 && environment["NO_COLOR"] == nil && environment["TERM"] != "dumb"
        hasProgress = isatty(STDERR_FILENO) == 1 && environment["TERM"] != "dumb"
    }

    enum Colour: String {
        case green = "32"
        case red = "31"
        case yellow = "33"
        case faint = "2"
    }

    func say(_ line: String) { write(line + "\n", to: .standardOutput) }

    func complain(_ line: String) { write(line + "\n", to: .standardError) }

    func painted(_ text: String, _ colour: Colour) -> String {
        hasColours ? "\u{1B}[\(colour.rawValue)m\(text)\u{1B}[0m" : text
    }

    /// One line that the next one replaces.
    func progress(_ text: String) {
        if hasProgress { write("\r\u{1B}[2K\(text)", to: .standardError) }
    }

    /// A reader that has gone is no reason to end with a trap.
    private func write(_ text: String, to handle: FileHandle) { try? handle.write(contentsOf: Data(text.utf8)) }
}
