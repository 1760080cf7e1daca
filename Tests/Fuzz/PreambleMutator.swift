import MitoCore

/// Spoils the last line of a preamble with words that Python's literals are made of.
struct PreambleMutator {
    private let texts: [[UInt8]]

    init(seed: UInt64) {
        var generator = ValueGenerator(seed: seed)
        texts = (0..<300).map { number in
            var preamble = Preamble(
                contextID: ContextID(UInt32(number)), parentIDs: [ContextID(7), .master], name: "web")
            preamble.build = number.isMultiple(of: 2) ? "é1" : nil
            preamble.extras = [Value.Pair("functions", generator.value(depth: 3))]
            let text = preamble.text()
            return text.count <= 800 ? text : Preamble(contextID: .master, parentIDs: [.master], name: "").text()
        }
    }

    /// One text, mostly changed in a few places between the brackets.
    func text(_ random: inout Random) -> [UInt8] {
        var text = texts[random.below(texts.count)]
        let inside = "ExternalContext(".utf8.count..<(text.count - ").main()\n".utf8.count)
        for _ in 0..<random.below(4) {
            let start = random.oneIn(30) ? random.below(text.count) : inside.lowerBound + random.below(inside.count)
            let end = min(start + random.below(6), inside.upperBound)
            text.replaceSubrange(start..<max(start, end), with: random.pick(Self.words))
        }
        return text
    }

    private static let words: [[UInt8]] =
        [
            "{", "}", "[", "]", "(", ")", ",", ":", "'", "\"", "\\", "\\x", "\\u12", "\\ud800", "\\U0010ffff", "\\777",
            "\\N{DASH}", "u'", "b'", "None", "True", "0x10", "1e5", "-", "9999999999999999999999", "1L", " ", "\n", "#",
            String(repeating: "[", count: 40), "'a': ", "(1,)", "()", "context_id", "\u{0}", "é",
        ].map { Array($0.utf8) } + [[0xFF], [0xED, 0xA0, 0x80]]
}
