import Yams

/// Turns the text of a file into items. YAML 1.2, so JSON too; without anchors, aliases and tags, which the language
/// does not need and a hostile file could multiply without end.
struct ItemParser {
    private let sheet: ErrorSheet
    /// Keys whose first letter was replaced, by their position: the parser refuses a mapping with equal keys at its
    /// first one, and we want to go on and point at the second.
    private var renamed: [SourcePosition: String] = [:]

    /// The root of the document, or nil when the sheet says why there is none.
    static func parse(_ bytes: [UInt8], _ sheet: ErrorSheet) -> Item? {
        var parser = ItemParser(sheet: sheet)
        return parser.root(of: bytes)
    }

    private init(sheet: ErrorSheet) { self.sheet = sheet }

    private mutating func root(of bytes: [UInt8]) -> Item? {
        guard bytes.count <= Scenario.fileBytesMax else {
            return refuse(.first, "the file is too long", hint: "at most \(Scenario.fileBytesMax) bytes are read")
        }
        guard var text = String(validating: bytes, as: UTF8.self) else {
            return refuse(.first, "the file is not text", hint: "scenarios are UTF-8")
        }
        if text.hasPrefix("{\"mitoscope-trace\"") {
            return refuse(.first, "this is a trace, and no scenario", hint: "try `mitoscope explain`")
        }
        if let alias = firstAlias(in: text) {
            return refuse(alias, "anchors and aliases are not part of the language", hint: "write the value out")
        }
        for _ in 0..<Self.equalKeysMax {
            do {
                let parser = try Parser(yaml: text, resolver: .basic)
                guard let node = try parser.singleRoot() else { return refuse(.first, "the file is empty") }
                // The parser keeps the anchors alive that its nodes only point at.
                return withExtendedLifetime(parser) { item(node, depth: 0) }
            } catch YamlError.duplicatedKeysInMapping(let keys, let context) {
                let position = SourcePosition(context.mark)
                guard let next = rename(keyAt: position, in: text) else {
                    return refuse(position, "duplicate key '\(shown(keys.first ?? ""))'")
                }
                text = next
            } catch {
                return refuse(error, text)
            }
        }
        return refuse(.first, "more than \(Self.equalKeysMax) duplicate keys")
    }

    private func refuse(_ position: SourcePosition, _ what: String, hint: String = "") -> Item? {
        sheet.note(position, what, hint: hint)
        return nil
    }

    private static let equalKeysMax = 50
    static let depthMax = 32
}

// MARK: From the parser's nodes to items

extension ItemParser {
    private func item(_ node: Yams.Node, depth: Int) -> Item? {
        let position = node.mark.map(SourcePosition.init) ?? .first
        guard depth <= Self.depthMax else { return refuse(position, "nested deeper than \(Self.depthMax) levels") }
        if node.anchor != nil {
            return refuse(position, "anchors and aliases are not part of the language", hint: "write the value out")
        }
        switch node {
        case .scalar(let scalar):
            guard isUntagged(scalar.tag) else { return refuse(position, "tags are not part of the language") }
            let isQuoted = scalar.style != .plain && scalar.style != .any
            return Item(content: .text(scalar.string, isQuoted: isQuoted), position: position)
        case .sequence(let sequence):
            guard isUntagged(sequence.tag) else { return refuse(position, "tags are not part of the language") }
            return Item(content: .list(sequence.compactMap { item($0, depth: depth + 1) }), position: position)
        case .mapping(let mapping):
            guard isUntagged(mapping.tag) else { return refuse(position, "tags are not part of the language") }
            return Item(content: .map(entries(of: mapping, depth: depth)), position: position)
        case .alias:
            return refuse(position, "anchors and aliases are not part of the language", hint: "write the value out")
        }
    }

    private func entries(of mapping: Yams.Node.Mapping, depth: Int) -> [Item.Entry] {
        mapping.compactMap { key, value in
            guard let key = item(key, depth: depth + 1), let value = item(value, depth: depth + 1) else { return nil }
            guard case .text(let text, _) = key.content else {
                sheet.note(key.position, "a key must be a word, not \(key.kindName)")
                return nil
            }
            return Item.Entry(key: renamed[key.position] ?? text, position: key.position, value: value)
        }
    }

    private func isUntagged(_ tag: Tag) -> Bool {
        tag == .implicit || tag == Tag(.str) || tag == Tag(.seq) || tag == Tag(.map) || tag == Tag(.nonSpecific)
    }
}

// MARK: Equal keys, and errors of the parser

extension ItemParser {
    /// Replaces the first letter of the key by one that no other key has, which moves nothing else.
    private mutating func rename(keyAt position: SourcePosition, in text: String) -> String? {
        var scalars = Array(text.unicodeScalars)
        guard let start = offset(of: position, in: scalars) else { return nil }
        let quote = scalars[start]
        let first = quote == "\"" || quote == "'" ? start + 1 : start
        let end = scalars[first...].firstIndex { $0 == ":" || $0 == quote && first > start || $0 == "\n" }
        guard let end, end > first, renamed[position] == nil else { return nil }
        renamed[position] = String(String.UnicodeScalarView(scalars[first..<end])).trimmingSpaces()
        guard let mark = Unicode.Scalar(0xE000 + UInt32(renamed.count)) else { return nil }
        scalars[first] = mark
        return String(String.UnicodeScalarView(scalars))
    }

    private func offset(of position: SourcePosition, in scalars: [Unicode.Scalar]) -> Int? {
        var line = 1
        var start = 0
        while line < position.line {
            guard let end = scalars[start...].firstIndex(of: "\n") else { return nil }
            (line, start) = (line + 1, end + 1)
        }
        let offset = start + position.column - 1
        return scalars.indices.contains(offset) ? offset : nil
    }

    private func refuse(_ error: any Error, _ text: String) -> Item? {
        switch error as? YamlError {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            let position = SourcePosition(mark)
            return refuse(position, "not YAML", hint: isTab(at: position, in: text) ? Self.tab : problem)
        case .reader(let problem, let offset, _, _):
            return refuse(self.position(ofCharacter: offset ?? 0, in: text), "not YAML", hint: problem)
        default:
            return refuse(.first, "not YAML")
        }
    }

    /// The parser only says that no word begins so.
    private func isTab(at position: SourcePosition, in text: String) -> Bool {
        let scalars = Array(text.unicodeScalars)
        return offset(of: position, in: scalars).map { scalars[$0] == "\t" } ?? false
    }

    private static let tab = "a tab: YAML wants spaces"

    private func position(ofCharacter offset: Int, in text: String) -> SourcePosition {
        let before = text.prefix(offset).unicodeScalars
        let line = before.count { $0 == "\n" }
        let column = before.reversed().prefix { $0 != "\n" }.count
        return SourcePosition(line: line + 1, column: column + 1)
    }

    /// Where the first `*name` stands that some `&name` before it would feed. The parser hashes keys while it reads,
    /// and a key made of nested aliases would take it for ever: so such a file never reaches the parser.
    private func firstAlias(in text: String) -> SourcePosition? {
        var anchors: Set<String> = []
        for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let scalars = line.unicodeScalars
            for index in scalars.indices where scalars[index] == "&" || scalars[index] == "*" {
                let name = scalars[scalars.index(after: index)...].prefix { $0.isASCII && isNameLetter($0) }
                guard !name.isEmpty else { continue }
                if scalars[index] == "&" { anchors.insert(String(name)) }
                guard scalars[index] == "*", anchors.contains(String(name)) else { continue }
                return SourcePosition(line: number + 1, column: scalars[..<index].count + 1)
            }
        }
        return nil
    }
}

private func isNameLetter(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || scalar == "-" || scalar == "_"
}

extension SourcePosition {
    /// Where what concerns the whole file is reported.
    static let first = SourcePosition(line: 1, column: 1)

    fileprivate init(_ mark: Yams.Mark) { self.init(line: max(1, mark.line), column: max(1, mark.column)) }
}

extension String {
    func trimmingSpaces() -> String {
        let isSpace = { (letter: Character) in letter == " " || letter == "\t" }
        guard let start = firstIndex(where: { !isSpace($0) }), let end = lastIndex(where: { !isSpace($0) }) else {
            return ""
        }
        return String(self[start...end])
    }
}
