import MitoLinks

/// What a run has its links be like, whatever the story says of them: `all:delay=250ms`.
///
/// It begins with the name of a link's lower end, or `all`. What follows are the keys of a link with their values,
/// separated by commas; `up.` or `down.` before a key names one direction: `web:delay=20ms..30ms,up.loss=1/100`.
///
/// ```swift
/// let slow = try LinkChange("all:delay=250ms")
/// let run = SimWorld.run(try scenario.with([slow]), seed: scenario.seed)
/// ```
public struct LinkChange: Sendable {
    /// As it was written.
    public let text: String
    /// The lower end of the link; nil = all of them.
    private let link: String?
    private let fields: Item

    /// Reads a change. Every mistake in it is in the error.
    public init(_ text: String) throws(ScenarioErrors) {
        let sheet = ErrorSheet(file: Self.place)
        self.text = text
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty else {
            sheet.note(.first, "'\(shown(text))' names no link", hint: "for example `all:delay=250ms`")
            try sheet.throwIfAny()
            preconditionFailure("what was noted is thrown")
        }
        link = parts[0] == "all" ? nil : String(parts[0])
        fields = Self.item(parts[1], in: text, sheet)
        if sheet.isEmpty { _ = LinkModel.read(fields, standard: LinkModel(), sheet) }
        try sheet.throwIfAny()
    }

    /// What it makes of a link.
    fileprivate func changed(_ model: LinkModel) -> LinkModel {
        LinkModel.read(fields, standard: model, ErrorSheet(file: Self.place)) ?? model
    }

    fileprivate func apply(to scenario: inout Scenario) throws(ScenarioErrors) {
        guard let link else {
            scenario.links.standard = changed(scenario.links.standard)
            for name in scenario.links.exceptions.keys.sorted() {
                scenario.links.exceptions[name] = changed(scenario.links[name])
            }
            return
        }
        guard scenario.plan(of: link) != nil else {
            let sheet = ErrorSheet(file: Self.place)
            let known = ["all"] + scenario.contexts.map(\.name)
            sheet.noteUnknown("link of \(scenario.file)", link, at: .first, known: known)
            return try sheet.throwIfAny()
        }
        scenario.links.exceptions[link] = changed(scenario.links[link])
    }

    /// `delay=250ms,up.loss=1/100` as a scenario file would have it.
    private static func item(_ text: Substring, in whole: String, _ sheet: ErrorSheet) -> Item {
        var both: [Item.Entry] = []
        var ways: [(key: String, position: SourcePosition, entries: [Item.Entry])] = []
        for word in text.split(separator: ",", omittingEmptySubsequences: false) {
            let column = whole.unicodeScalars.distance(from: whole.startIndex, to: word.startIndex) + 1
            let position = SourcePosition(line: 1, column: column)
            guard let sign = word.firstIndex(of: "=") else {
                sheet.note(position, "'\(shown(String(word)))' has no value", hint: "for example `delay=250ms`")
                continue
            }
            let value = Item(
                content: .text(String(word[word.index(after: sign)...]), isQuoted: false), position: position)
            let path = word[..<sign].split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
            let entry = Item.Entry(key: String(path[path.count - 1]), position: position, value: value)
            guard path.count == 2 else {
                both.append(entry)
                continue
            }
            let way = String(path[0])
            if let place = ways.firstIndex(where: { $0.key == way }) {
                ways[place].entries.append(entry)
            } else {
                ways.append((way, position, [entry]))
            }
        }
        let nested = ways.map { way in
            Item.Entry(
                key: way.key, position: way.position, value: Item(content: .map(way.entries), position: way.position))
        }
        return Item(content: .map(both + nested), position: .first)
    }

    /// What stands where an error names the file.
    private static let place = "--link"
}

extension Scenario {
    /// The same story with other links; of two changes of one link the later counts. Throws when one names a link that
    /// the story does not have.
    public func with(_ changes: [LinkChange]) throws(ScenarioErrors) -> Scenario {
        var scenario = self
        for change in changes { try change.apply(to: &scenario) }
        return scenario
    }
}
