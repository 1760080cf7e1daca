/// The looks of a space-time diagram, by day and by night.
enum SpaceTimeStyle {
    /// What stands beside a sort of line under the picture.
    static func words(for sort: PictureMark.Sort) -> String {
        switch sort {
        case .call: "call"
        case .answer: "answer"
        case .failure: "error"
        case .item: "item"
        case .news: "news of routes"
        case .order: "order to end"
        case .log: "log"
        }
    }

    /// CSS without variables, which not every reader knows. No font is fetched.
    static let sheet = rules(day, others: fixed) + "\n@media (prefers-color-scheme: dark) {\n" + rules(night) + "\n}"

    private struct Palette {
        var page, ink, faint, grid, head, lane, run, wait: String
        var call, answer, failure, item, news, order, log: String
    }

    private static let day = Palette(
        page: "#ffffff", ink: "#1b2733", faint: "#6b7785", grid: "#eef1f4", head: "#f4f6f9", lane: "#aeb8c4",
        run: "#c6d8f5", wait: "#d9dee5", call: "#1d5fd1", answer: "#14804a", failure: "#c62828", item: "#00798c",
        news: "#8e44ad", order: "#b26a00", log: "#6b7785")

    private static let night = Palette(
        page: "#10161d", ink: "#e6edf3", faint: "#8b98a7", grid: "#1a222c", head: "#1b2430", lane: "#4d5a69",
        run: "#27466f", wait: "#37424f", call: "#6ea8ff", answer: "#4fca86", failure: "#ff7b72", item: "#4dd0e1",
        news: "#cf9bf0", order: "#f0b049", log: "#8b98a7")

    private static let fixed = """
        text { font-family: system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif; font-size: 12px; }
        .title { font-size: 16px; font-weight: 600; }
        .name { font-weight: 600; }
        .time { font-size: 11px; }
        .label, .note, .fault { font-size: 11px; stroke-width: 4px; stroke-linejoin: round; paint-order: stroke; }
        .hop { stroke-width: 1.6; }
        .failure, .lost { stroke-dasharray: 5 3; }
        .lane { stroke-width: 1.5; }
        .end { stroke-width: 3; }
        .killed { stroke-width: 2.5; fill: none; }
        .head { stroke-width: 1; }
        .band { opacity: 0.18; }
        """

    private static func rules(_ palette: Palette, others: String = "") -> String {
        var rules = others.isEmpty ? [] : [others]
        rules += [
            ".page { fill: \(palette.page); }", ".title, .name { fill: \(palette.ink); }",
            ".time { fill: \(palette.faint); }", ".grid { stroke: \(palette.grid); }",
            ".head { fill: \(palette.head); stroke: \(palette.lane); }",
            ".lane, .end { stroke: \(palette.lane); }", ".run { fill: \(palette.run); stroke: \(palette.call); }",
            ".wait { fill: \(palette.wait); }", ".good { fill: \(palette.answer); }",
            ".bad { fill: \(palette.failure); }", ".killed { stroke: \(palette.failure); }",
            ".label, .note, .fault { stroke: \(palette.page); }", ".note { fill: \(palette.ink); }",
            ".fault { fill: \(palette.failure); }",
        ]
        let colours: [(PictureMark.Sort, String)] = [
            (.call, palette.call), (.answer, palette.answer), (.failure, palette.failure), (.item, palette.item),
            (.news, palette.news), (.order, palette.order), (.log, palette.log),
        ]
        for (sort, colour) in colours {
            rules.append(".\(sort.rawValue) { stroke: \(colour); }")
            rules.append(".\(sort.rawValue)-head, .\(sort.rawValue)-text { fill: \(colour); }")
        }
        return rules.joined(separator: "\n")
    }
}
