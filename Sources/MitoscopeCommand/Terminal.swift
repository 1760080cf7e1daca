import Foundation

/// Where output goes. Colours and progress are for terminals; a pipe gets plain lines.
struct Terminal {
    /// Is standard output a terminal that knows colours?
    private let hasColours: Bool
    private let hasProgress: Bool
    /// How wide the terminal is; nil where standard output is none.
    private let columns: Int?
    /// The columns that a text for people may take.
    private let width: Int

    init() {
        let environment = ProcessInfo.processInfo.environment
        hasColours = isatty(STDOUT_FILENO) == 1 && environment["NO_COLOR"] == nil && environment["TERM"] != "dumb"
        hasProgress = isatty(STDERR_FILENO) == 1 && environment["TERM"] != "dumb"
        columns = Self.columns(of: STDOUT_FILENO)
        width = min(columns ?? Self.widthMax, Self.widthMax)
    }

    enum Colour: String {
        case green = "32"
        case red = "31"
        case yellow = "33"
        case faint = "2"
    }

    /// A line of what was asked for. Where it cannot be kept, on a full disk, the program ends instead of losing it. A
    /// reader that has gone wants no more: then it ends too, in silence, as any program in a pipe does. No run is under
    /// way when something is said, so none is left behind.
    func say(_ line: String) {
        guard let code = OutputFile.put((line + "\n").utf8, into: STDOUT_FILENO) else { return }
        if code == EPIPE {
            signal(SIGPIPE, SIG_DFL)
            raise(SIGPIPE)
        }
        complain("standard output cannot be written: \(String(cString: strerror(code)))")
        exit(ExitStatus.usage.rawValue)
    }

    /// A line for people, broken between words where a terminal would break it anywhere. A pipe gets it whole.
    func tell(_ line: String) {
        guard let columns else { return say(line) }
        for part in Self.broken(line, at: columns) { say(part) }
    }

    /// The line in parts no longer than `columns`, if its words allow; what follows the first hangs below where its
    /// text begins, which in a story is behind the time.
    static func broken(_ line: String, at columns: Int) -> [String] {
        guard line.count > columns else { return [line] }
        let text = line.prefixMatch(of: /\ *(?:[0-9]+\.[0-9]{3}ms\ +)?/)?.output ?? ""
        let hang = String(repeating: " ", count: text.contains("ms") ? text.count : text.count + 2)
        guard hang.count < columns / 2 else { return [line] }
        var parts: [String] = []
        var part = String(text)
        var isEmpty = true
        for word in line.dropFirst(text.count).split(separator: " ", omittingEmptySubsequences: false) {
            if !isEmpty, part.count + 1 + word.count > columns {
                parts.append(part)
                (part, isEmpty) = (hang, true)
            }
            part += isEmpty ? word : " " + word
            isEmpty = false
        }
        return parts + [part]
    }

    /// On a terminal, what was said before is gone.
    func clear() { if columns != nil { _ = OutputFile.put("\u{1B}[H\u{1B}[2J".utf8, into: STDOUT_FILENO) } }

    func complain(_ line: String) { _ = OutputFile.put((line + "\n").utf8, into: STDERR_FILENO) }

    func painted(_ text: String, _ colour: Colour) -> String {
        hasColours ? "\u{1B}[\(colour.rawValue)m\(text)\u{1B}[0m" : text
    }

    /// Prose, broken between words.
    func sayFolded(_ text: String) {
        var line = ""
        for word in text.split(whereSeparator: \.isWhitespace) {
            if !line.isEmpty, line.count + 1 + word.count > width {
                say(line)
                line = ""
            }
            line += line.isEmpty ? word : " " + word
        }
        say(line)
    }

    /// One line that the next one replaces. What is wider than the terminal is cut, as only one line can be replaced.
    func progress(_ text: String) {
        guard hasProgress else { return }
        let columns = Self.columns(of: STDERR_FILENO) ?? Self.widthMax
        _ = OutputFile.put("\r\u{1B}[2K\(text.prefix(columns - 1))".utf8, into: STDERR_FILENO)
    }

    /// How wide the terminal is; nil when it is none, or does not say.
    private static func columns(of descriptor: Int32) -> Int? {
        var size = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
        return Int(size.ws_col)
    }

    /// Longer lines are hard to read.
    private static let widthMax = 100
}
