import Foundation

/// What `--json` prints: one object on a line of its own, its keys sorted.
///
/// ```swift
/// terminal.say(JSONLine(of: report).text)
/// ```
struct JSONLine {
    let text: String

    init(of value: some Encodable) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Nothing that is printed has a number which JSON lacks.
        guard let data = try? encoder.encode(value) else { preconditionFailure("\(type(of: value)) is no JSON") }
        text = String(decoding: data, as: UTF8.self)
    }
}
