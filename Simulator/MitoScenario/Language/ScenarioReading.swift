import MitoCore
import MitoLinks
import Mitoscope

extension Scenario {
    /// A longer file is refused.
    public static let fileBytesMax = 1 << 20

    /// Reads a scenario. Every mistake of the file is in the error, in the order of the file.
    public init(reading bytes: [UInt8], file: String) throws(ScenarioErrors) {
        let sheet = ErrorSheet(file: file)
        var reader = ScenarioReader(sheet: sheet)
        let scenario = ItemParser.parse(bytes, sheet).flatMap { reader.read($0) }
        try sheet.throwIfAny()
        guard let scenario else {
            throw ScenarioErrors(errors: [ScenarioError(file: file, position: .first, what: "not a scenario", hint: "")]
            )
        }
        self = scenario
    }
}

/// Reads the top level, part after part; names first, so that references can be checked where they stand.
struct ScenarioReader {
    let sheet: ErrorSheet
    private var glossary: Glossary

    init(sheet: ErrorSheet) {
        self.sheet = sheet
        glossary = Glossary(sheet: sheet)
    }

    static let keys = [
        Key("mitoscope", .number(1...1), "The version of the format.", isRequired: true),
        Key("title", .text, "What the story is about.", isRequired: true, example: "A call comes back"),
        Key("teaches", .text, "What to look for; told after a run that passes."),
        Key("ask", .object(Question.keys), "What a reader is to guess before it is told."),
        Key("worlds", .list(.words(WorldKind.allCases.map(\.rawValue))), "Where it can be told; all that can."),
        Key("seed", .number(0...Int64.max), "Of all chance in sim."),
        Key("limit", .duration, "Past it the run is inconclusive.", example: "10min"),
        Key("link", .link, "What every link is like."),
        Key("contexts", .names(.plan), "The tree as the story finds it."),
        Key("story", .list(.line), "What happens.", isRequired: true, example: "[ { call: db.echo } ]"),
        Key("expect", .list(.expectation), "What must be true of it."),
        Key(
            "defect", .names(.text), "A planted bug for each of these contexts.", example: "{ web: keep-timer }"),
    ]
    /// The keys that every line of a story may have.
    static let lineKeys = [Key("as", .name, "What later lines call it.", example: "report")] + When.keys

    mutating func read(_ root: Item) -> Scenario? {
        guard FormatVersion.check(root, sheet), let fields = Fields(root, of: "a scenario", known: Self.keys, sheet)
        else { return nil }
        checkVersion(fields)
        let title = fields.require("title").flatMap { sheet.text($0, "title") }
        let contexts = contextEntries(fields)
        let story = storyItems(fields)
        collectNames(contexts, story)

        var links = LinkTable(
            standard: fields["link"].flatMap { LinkModel.read($0, standard: LinkModel(), sheet) } ?? LinkModel())
        let plans = readContexts(contexts, &links)
        let entries = readStory(story, &links)
        let expectations = fields["expect"].flatMap { item in
            sheet.list(item, "expect") { Expectation.read($0, glossary) }
        }
        let momentary = entries.compactMap(Expectation.init(checkedBy:))
        let defects = fields["defect"].map(readDefects) ?? []
        return Scenario(
            file: sheet.file, title: title ?? "",
            teaches: fields["teaches"].flatMap { sheet.text($0, "teaches") } ?? "",
            question: fields["ask"].flatMap { Question.read($0, sheet) },
            worlds: readWorlds(fields, entries),
            seed: fields["seed"].flatMap { sheet.count($0, "seed") }.map { UInt64($0) } ?? 1,
            limit: fields["limit"].flatMap { sheet.duration($0, "limit") } ?? .seconds(600),
            contexts: plans, links: links, story: entries, expectations: momentary + (expectations ?? []),
            defects: defects)
    }

    private func checkVersion(_ fields: Fields) {
        guard let item = fields.require("mitoscope"), let version = sheet.count(item, "mitoscope") else {
            return
        }
        let current = FormatVersion.current
        if version != current {
            sheet.note(item.position, "format version \(version)", hint: "this program reads version \(current)")
        }
    }

    /// Those that the file names, which must be able to tell all of it; else those that are.
    private func readWorlds(_ fields: Fields, _ story: [StoryEntry]) -> [WorldKind] {
        let able = WorldKind.allCases.filter { world in story.allSatisfy { $0.word.whyNot(in: world) == nil } }
        guard let item = fields["worlds"] else {
            if able.isEmpty { noteRefusals(of: WorldKind.allCases, story) }
            return able
        }
        let words = sheet.list(item, "worlds") { sheet.word($0, "world", of: WorldKind.allCases.map(\.rawValue)) } ?? []
        let worlds = words.compactMap(WorldKind.init)
        noteRefusals(of: worlds.filter { !able.contains($0) }, story)
        if worlds.isEmpty, sheet.isEmpty { sheet.note(item.position, "no world can tell this story") }
        return worlds
    }

    /// Notes the first line that each of these worlds cannot tell, and which one can.
    private func noteRefusals(of worlds: [WorldKind], _ story: [StoryEntry]) {
        var noted: [SourcePosition] = []
        for world in worlds {
            // What one world of real processes cannot tell, no other can: once is enough.
            guard let entry = story.first(where: { $0.word.whyNot(in: world) != nil }),
                let why = entry.word.whyNot(in: world), !noted.contains(entry.position)
            else { continue }
            noted.append(entry.position)
            let others = WorldKind.allCases.filter { entry.word.whyNot(in: $0) == nil }.map(\.rawValue)
            let only = others.joined(separator: ", ")
            let word = type(of: entry.word).word
            sheet.note(entry.position, "'\(word)' is told in `\(only)` only: \(why)", hint: "worlds: [\(only)]")
        }
    }

    private func readDefects(_ item: Item) -> [Scenario.Defect] {
        guard case .map(let entries) = item.content else {
            return sheet.mismatch(item, "defect", "a mapping such as { bastion: swallow-del-route }") ?? []
        }
        return entries.compactMap { entry in
            let key = Item(content: .text(entry.key, isQuoted: true), position: entry.position)
            guard let context = glossary.startedContext(key, notMaster: "master has no planted bug"),
                let name = sheet.text(entry.value, "defect")
            else { return nil }
            if Node.isDefect(name) { return Scenario.Defect(context: context, name: name) }
            sheet.noteUnknown("defect", name, at: entry.value.position, known: Node.defects)
            return nil
        }
    }
}

// MARK: Names

extension ScenarioReader {
    private func contextEntries(_ fields: Fields) -> [Item.Entry] {
        guard let item = fields["contexts"] else { return [] }
        guard case .map(let entries) = item.content else {
            return sheet.mismatch(item, "contexts", "a mapping of names to contexts") ?? []
        }
        return entries
    }

    private func storyItems(_ fields: Fields) -> [[Item.Entry]] {
        guard let item = fields.require("story") else { return [] }
        let entries = sheet.list(item, "story") { item -> [Item.Entry]? in
            guard case .map(let entries) = item.content, let first = entries.first else {
                return sheet.mismatch(item, "a line of the story", "a mapping such as { call: db.echo }")
            }
            if storyWords.contains(where: { $0.word == first.key }) { return entries }
            sheet.noteUnknown("story word", first.key, at: first.position, known: storyWords.map { $0.word })
            return nil
        }
        if entries?.isEmpty == true, sheet.isEmpty { sheet.note(item.position, "the story is empty") }
        return entries ?? []
    }

    /// Contexts, their functions, and what is called something with `as`.
    private mutating func collectNames(_ contexts: [Item.Entry], _ story: [[Item.Entry]]) {
        for entry in contexts {
            let key = Item(content: .text(entry.key, isQuoted: true), position: entry.position)
            if sheet.name(key, "a context") != nil { glossary.add(context: key, named: entry.key) }
            if case .map(let fields) = entry.value.content { collectFunctions(fields, of: entry.key) }
        }
        for entries in story {
            let word = entries[0]
            if word.key == ConnectWord.word, case .text(let name, _) = word.value.content {
                glossary.add(context: word.value, named: name)
                collectFunctions(entries, of: name)
            }
            collectSpawned(entries)
            let kind = Glossary.Kind(of: entries)
            for entry in entries where entry.key == "as" {
                guard let name = sheet.name(entry.value, "as") else { continue }
                glossary.add(name: name, kind, at: entry.value.position)
                if treeChecks.contains(where: { $0.key == name }) {
                    sheet.note(entry.value.position, "'\(name)' is a word of `expect`", hint: "take another name")
                }
            }
        }
    }

    /// `call: web.spawn, args: [kid]`.
    private mutating func collectSpawned(_ entries: [Item.Entry]) {
        guard entries[0].key == CallWord.word, case .text(let function, _) = entries[0].value.content,
            function.hasSuffix(".\(BuiltInFunctions.spawn.name)"),
            case .list(let arguments)? = entries.first(where: { $0.key == "args" })?.value.content,
            let name = arguments.first, case .text(let text, _) = name.content,
            sheet.name(name, "a context") != nil
        else { return }
        glossary.add(context: name, named: text)
    }

    private mutating func collectFunctions(_ fields: [Item.Entry], of context: String) {
        for field in fields where field.key == "functions" {
            guard case .map(let functions) = field.value.content else { continue }
            for function in functions { glossary.add(function: function.key, of: context) }
        }
    }
}

// MARK: Contexts and story

extension ScenarioReader {
    private func readContexts(_ entries: [Item.Entry], _ links: inout LinkTable) -> [ContextPlan] {
        var plans: [ContextPlan] = []
        var positions: [SourcePosition] = []
        for entry in entries {
            let value = entry.value.isNothing ? Item(content: .map([]), position: entry.position) : entry.value
            guard let fields = Fields(value, of: "a context", known: ContextPlan.keys, sheet),
                let plan = ContextPlan.read(fields, named: entry.key, glossary)
            else { continue }
            readLink(fields, of: plan.name, &links)
            plans.append(plan)
            positions.append(entry.position)
        }
        guard sheet.isEmpty else { return plans }
        let sorted = ContextPlan.parentsFirst(plans, at: positions, sheet)
        ContextPlan.checkCalls(of: sorted, sheet)
        return sorted
    }

    private func readLink(_ fields: Fields, of name: String, _ links: inout LinkTable) {
        guard let item = fields["link"] else { return }
        links.exceptions[name] = LinkModel.read(item, standard: links.standard, sheet)
    }

    private func readStory(_ story: [[Item.Entry]], _ links: inout LinkTable) -> [StoryEntry] {
        var namedBefore: [String] = []
        var entries: [StoryEntry] = []
        for (index, line) in story.enumerated() {
            guard let type = storyWords.first(where: { $0.word == line[0].key }) else { continue }
            let known = [type.subject] + type.options + Self.lineKeys
            let fields = Fields(line, at: line[0].position, of: "'\(type.word)'", known: known, sheet)
            let when = When.read(fields, glossary, namedBefore: namedBefore)
            let word = type.read(line[0].value, fields, glossary)
            if let connect = word as? ConnectWord { readLink(fields, of: connect.plan.name, &links) }
            let given = fields["as"].flatMap { item -> String? in
                guard case .text(let name, _) = item.content, glossary.kind(of: name) != nil else { return nil }
                return name
            }
            if let given { namedBefore.append(given) }
            guard let when, let word else { continue }
            // A dot keeps the names that we give apart from those that a file can give.
            entries.append(
                StoryEntry(word: word, name: given ?? "line.\(index + 1)", when: when, position: fields.position))
        }
        return entries
    }
}

extension Glossary.Kind {
    /// What a line of the story gives its name to, before the line is read.
    fileprivate init(of entries: [Item.Entry]) {
        func text(_ key: String) -> String? {
            guard case .text(let text, _)? = entries.first(where: { $0.key == key })?.value.content else { return nil }
            return text
        }
        switch entries[0].key {
        case CallWord.word, StreamWord.word:
            let isSilent = entries.contains { $0.key == "no-reply" && $0.value.isTrue }
            self = .call(from: text("from") ?? "master", hasReply: !isSilent)
        case ReceiveWord.word: self = .receiver(in: text(ReceiveWord.word) ?? "master")
        case SelectWord.word: self = .select
        default: self = .deed
        }
    }
}

extension Item {
    fileprivate var isTrue: Bool {
        if case .text("true", isQuoted: false) = content { true } else { false }
    }

    /// `web:` with nothing behind it.
    fileprivate var isNothing: Bool {
        if case .text("", isQuoted: false) = content { true } else { false }
    }
}
