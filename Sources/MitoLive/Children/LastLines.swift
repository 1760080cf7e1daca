import MitoLinux

/// The last lines that a child wrote to its stderr, and the function that it named.
struct LastLines: Hashable, Sendable {
    private var splitter = LineSplitter()
    private var lines: [String] = []
    private(set) var function: String?

    /// What it wrote, cut anywhere.
    mutating func take(_ bytes: some Sequence<UInt8>) {
        for line in splitter.split(bytes) { keep(line) }
    }

    /// All that is kept, with the line that has no end.
    mutating func finish() -> [String] {
        if let rest = splitter.finish() { keep(rest) }
        return lines
    }

    private mutating func keep(_ line: [UInt8]) {
        let text = String(decoding: line.prefix(Self.lineBytesMax), as: UTF8.self)
        if let function = LastWords.function(in: text) { return self.function = function }
        guard !text.isEmpty else { return }
        if lines.count == Self.linesMax { lines.removeFirst() }
        lines.append(text)
    }

    private static let linesMax = 60
    private static let lineBytesMax = 1000
}
