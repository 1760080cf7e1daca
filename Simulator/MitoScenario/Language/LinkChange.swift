public import MitoLinks

/// What a run has its links be like, until the story itself changes them: `all:delay=250ms`.
///
/// It begins with the name of a link's lower end, or `all`. What follows are the keys of a link with their values,
/// separated by commas. A dot leads into what a scenario writes in braces, and `up.` or `down.` may stand before every
/// key: `web:delay=20ms..30ms,burst.enter=1/500,burst.leave=1/4,up.delay.exponential=20ms`.
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
    private let words: LinkWords

    /// Reads a change. Every mistake in it is in the error.
    public init(_ text: String) throws(ScenarioErrors) {
        let sheet = Self.sheet(for: text)
        self.text = text
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty else {
            let error = ScenarioError(
                file: sheet.file, position: Self.start, what: "no link is named", hint: "for example `all:delay=250ms`")
            throw ScenarioErrors(errors: [error])
        }
        link = parts[0] == "all" ? nil : String(parts[0])
        let entries = Self.entries(parts[1], in: text, sheet)
        words = LinkWords(Fields(entries, at: Self.start, of: "a link", known: LinkWords.keys, sheet))
        try sheet.throwIfAny()
    }

    /// The link that it is about, by its lower end; nil = all of them.
    public var linkName: String? { link }

    /// What it makes of a link.
    public func changed(_ model: LinkModel) -> LinkModel { words.changed(model).settled }

    /// Reads several, for these stories. Every mistake in any of them is in the error, also a link that no story has.
    public static func read(_ texts: [String], for scenarios: [Scenario]) throws(ScenarioErrors) -> [LinkChange] {
        var changes: [LinkChange] = []
        var errors: [ScenarioError] = []
        for text in texts {
            do throws(ScenarioErrors) {
                let change = try LinkChange(text)
                try change.checkLink(in: scenarios)
                changes.append(change)
            } catch {
                errors += error.errors
            }
        }
        if !errors.isEmpty { throw ScenarioErrors(errors: errors) }
        return changes
    }

    /// One of the stories has the link.
    fileprivate func checkLink(in scenarios: [Scenario]) throws(ScenarioErrors) {
        guard let link, !scenarios.contains(where: { $0.plan(of: link) != nil }) else { return }
        let sheet = Self.sheet(for: text)
        let names = Set(scenarios.flatMap { $0.contexts.map(\.name) })
        sheet.noteUnknown("link", link, at: Self.start, known: ["all"] + names.sorted())
        try sheet.throwIfAny()
    }

    /// A `retransmit` is for something that one of the stories, as they have become, loses.
    fileprivate func checkLosses(in scenarios: [Scenario]) throws(ScenarioErrors) {
        let sheet = Self.sheet(for: text)
        words.noteIdle(in: scenarios.flatMap(models), sheet)
        try sheet.throwIfAny()
    }

    /// The links of a story that it is about.
    private func models(of scenario: Scenario) -> [LinkModel] {
        guard let link else { return [scenario.links.standard] + scenario.contexts.map { scenario.links[$0.name] } }
        return scenario.plan(of: link) == nil ? [] : [scenario.links[link]]
    }

    fileprivate func apply(to scenario: inout Scenario) {
        if let link {
            guard scenario.plan(of: link) != nil else { return }
            scenario.links.exceptions[link] = words.changed(scenario.links[link])
        } else {
            scenario.links.standard = words.changed(scenario.links.standard)
            scenario.links.exceptions = scenario.links.exceptions.mapValues(words.changed)
        }
    }

    /// `delay=250ms,up.loss=1/100` as a scenario file would have it.
    private static func entries(_ text: Substring, in whole: String, _ sheet: ErrorSheet) -> [Item.Entry] {
        var entries: [Item.Entry] = []
        for word in text.split(separator: ",", omittingEmptySubsequences: false) {
            let column = whole.unicodeScalars.distance(from: whole.startIndex, to: word.startIndex) + 1
            let position = SourcePosition(line: start.line, column: column)
            guard let sign = word.firstIndex(of: "=") else {
                sheet.note(position, "'\(shown(String(word)))' has no value", hint: "for example `delay=250ms`")
                continue
            }
            let path = word[..<sign].split(separator: ".", omittingEmptySubsequences: false).map(String.init)
            let isOneWay = path.count > 1 && Way(rawValue: path[0]) != nil
            let key = path.dropFirst(isOneWay ? 1 : 0).joined(separator: ".")
            guard keys.contains(key) else {
                sheet.noteUnknown("key in a link", key, at: position, known: keys)
                continue
            }
            let value = String(word[word.index(after: sign)...])
            put(Item(content: .text(value, isQuoted: false), position: position), at: path[...], in: &entries)
        }
        return entries
    }

    private static func put(_ value: Item, at path: ArraySlice<String>, in entries: inout [Item.Entry]) {
        guard let key = path.first else { return }
        let rest = path.dropFirst()
        guard !rest.isEmpty else {
            return entries.append(Item.Entry(key: key, position: value.position, value: value))
        }
        for index in entries.indices where entries[index].key == key {
            guard case .map(var inner) = entries[index].value.content else { continue }
            put(value, at: rest, in: &inner)
            entries[index].value.content = .map(inner)
            return
        }
        var inner: [Item.Entry] = []
        put(value, at: rest, in: &inner)
        let map = Item(content: .map(inner), position: value.position)
        entries.append(Item.Entry(key: key, position: value.position, value: map))
    }

    /// Each takes a value that is one word.
    private static let keys = [
        "delay", "delay.exponential", "delay.normal", "delay.deviation", "delay.floor", "bandwidth", "loss",
        "burst.enter", "burst.leave", "retransmit", "queue",
    ]

    private static let start = SourcePosition(line: 0, column: 1)

    /// Its mistakes stand behind the option as it was written.
    private static func sheet(for text: String) -> ErrorSheet { ErrorSheet(file: "--link '\(shown(text))'", sign: "=") }
}

extension Scenario {
    /// The same story with other links; of two changes of one link the later counts. Throws when one names a link that
    /// the story does not have, or sends again what is never lost.
    public func with(_ changes: [LinkChange]) throws(ScenarioErrors) -> Scenario {
        try [self].with(changes)[0]
    }
}

extension [Scenario] {
    /// The same stories with other links. A link that only some of them have is changed there; throws when none has it,
    /// or when what is to be sent again is lost in none.
    public func with(_ changes: [LinkChange]) throws(ScenarioErrors) -> [Scenario] {
        guard !isEmpty else { return [] }
        for change in changes { try change.checkLink(in: self) }
        var scenarios = self
        for index in scenarios.indices {
            for change in changes { change.apply(to: &scenarios[index]) }
            scenarios[index].links.settle()
        }
        for change in changes { try change.checkLosses(in: scenarios) }
        return scenarios
    }
}

extension LinkTable {
    fileprivate mutating func settle() {
        standard = standard.settled
        exceptions = exceptions.mapValues(\.settled)
    }
}
