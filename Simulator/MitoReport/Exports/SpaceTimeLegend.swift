/// What the signs of a space-time diagram mean, in as many lines as they take.
struct SpaceTimeLegend {
    let entries: [Entry]
    /// From the middle of the first line to below the last one.
    let height: Int

    struct Entry {
        var sign: Sign
        var words: String
        /// From the left end and the middle of the first line.
        var x, y: Int
    }

    enum Sign {
        case hop(PictureMark.Sort)
        case run, wait

        /// From its left end to its words.
        var width: Int {
            switch self {
            case .hop: 36
            case .run: 14
            case .wait: 9
            }
        }
    }

    /// Explains what these marks show, in lines of so many pixels.
    init(of marks: [PictureMark], width: Int) {
        let used = Set(
            marks.compactMap { mark -> PictureMark.Sort? in
                if case .hop(let hop) = mark.shape { hop.sort } else { nil }
            })
        var signs = PictureMark.Sort.allCases.filter(used.contains).map { sort in
            (Sign.hop(sort), SpaceTimeStyle.words(for: sort))
        }
        if used.contains(.call) { signs += [(.run, "function runs"), (.wait, "caller waits")] }
        var (x, y) = (0, 0)
        var entries: [Entry] = []
        for (sign, words) in signs {
            let end = sign.width + SVGPage.width(of: words)
            if x > 0, x + end > width { (x, y) = (0, y + Self.lineHeight) }
            entries.append(Entry(sign: sign, words: words, x: x, y: y))
            x += end + Self.gap
        }
        self.entries = entries
        height = y + Self.lineHeight
    }

    private static let gap = 16
    private static let lineHeight = 22
}
