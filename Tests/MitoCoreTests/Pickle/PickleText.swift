/// Bytes as a sheet of paper shows them: hexadecimal pairs, and quoted ASCII in between. `\n` is a line feed.
///
///     pickle("80 02 'cmitogen.core\\nBlob\\n' 2e")
func pickle(_ text: String) -> [UInt8] {
    var bytes: [UInt8] = []
    for (place, part) in text.split(separator: "'", omittingEmptySubsequences: false).enumerated() {
        if place.isMultiple(of: 2) {
            bytes += part.split(separator: " ").map { UInt8($0, radix: 16)! }
        } else {
            bytes += part.split(separator: "\\n", omittingEmptySubsequences: false).joined(separator: "\n").utf8
        }
    }
    return bytes
}

/// `80 02`, the instructions, and the stop.
func protocol2(_ text: String) -> [UInt8] { pickle("80 02 " + text + " 2e") }

/// Eight little-endian digits of a length.
func length(_ count: Int) -> String {
    (0..<4).map { String(count >> ($0 * 8) & 0xFF, radix: 16) }.joined(separator: " ")
}
