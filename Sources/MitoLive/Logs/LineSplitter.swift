/// Cuts a stream of bytes into lines, as they complete.
///
/// A line that grows past its limit is cut there: what a program prints cannot fill the memory.
struct LineSplitter: Hashable, Sendable {
    static let lineBytesMax = 64 * 1024

    /// The beginning of a line whose end has not come.
    private(set) var partial: [UInt8] = []

    /// The lines that `bytes` complete, without their line ends.
    mutating func split(_ bytes: some Sequence<UInt8>) -> [[UInt8]] {
        var lines: [[UInt8]] = []
        for byte in bytes {
            if byte != UInt8(ascii: "\n") { partial.append(byte) }
            if byte == UInt8(ascii: "\n") || partial.count == Self.lineBytesMax { lines.append(take()) }
        }
        return lines
    }

    /// What has come of a last line that will not be completed; nil when there is nothing.
    mutating func finish() -> [UInt8]? { partial.isEmpty ? nil : take() }

    private mutating func take() -> [UInt8] {
        var line: [UInt8] = []
        swap(&line, &partial)
        return line
    }
}
