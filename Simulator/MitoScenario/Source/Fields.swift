/// Reads one mapping by its known keys. Unknown and repeated keys are noted when it is made; a reader notes what is
/// wrong with a value and gives nil.
struct Fields {
    let position: SourcePosition
    let sheet: ErrorSheet
    private let entries: [Item.Entry]
    private let known: [Key]

    /// nil when `item` is no mapping, which is noted. `what` names the thing in messages: `a call`.
    init?(_ item: Item, of what: String, known: [Key], _ sheet: ErrorSheet) {
        guard case .map(let entries) = item.content else {
            sheet.note(item.position, "\(what) is a mapping, not \(item.kindName)")
            return nil
        }
        self.init(entries, at: item.position, of: what, known: known, sheet)
    }

    init(_ entries: [Item.Entry], at position: SourcePosition, of what: String, known: [Key], _ sheet: ErrorSheet) {
        self.position = position
        self.sheet = sheet
        self.known = known
        let names = known.names
        var kept: [Item.Entry] = []
        for entry in entries {
            if !names.contains(entry.key) {
                sheet.noteUnknown("key in \(what)", entry.key, at: entry.position, known: names)
            } else if kept.contains(where: { $0.key == entry.key }) {
                sheet.note(entry.position, "duplicate key '\(entry.key)'")
            } else {
                kept.append(entry)
            }
        }
        self.entries = kept
    }

    /// The value of `key` as it stands.
    subscript(_ key: String) -> Item? { entries.first { $0.key == key }?.value }

    /// Where `key` stands, or else the mapping.
    func position(of key: String) -> SourcePosition { entries.first { $0.key == key }?.position ?? position }

    func has(_ key: String) -> Bool { self[key] != nil }

    /// Notes that `key` is missing when it is.
    func require(_ key: String) -> Item? {
        if let item = self[key] { return item }
        let example = known.first { $0.name == key }?.example ?? ""
        sheet.note(position, "'\(key)' is missing", hint: "for example `\(key)\(sheet.sign)\(example)`")
        return nil
    }
}

// MARK: Typed scalars

extension ErrorSheet {
    /// Any text that is not empty.
    func text(_ item: Item, _ what: String) -> String? {
        guard case .text(let text, let isQuoted) = item.content, isQuoted || !text.isEmpty else {
            return mismatch(item, what, "text")
        }
        return text
    }

    /// A name: `[a-z][a-z0-9-]*`, at most 63 letters.
    func name(_ item: Item, _ what: String) -> String? {
        guard let text = text(item, what) else { return nil }
        let isName =
            text.utf8.count <= 63 && text.utf8.first.map { (0x61...0x7A).contains($0) } == true
            && text.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D }
        if isName { return text }
        note(item.position, "bad name '\(shown(text))'", hint: "a name is [a-z][a-z0-9-]*, at most 63 letters")
        return nil
    }

    /// One of the words in `known`.
    func word(_ item: Item, _ what: String, of known: [String]) -> String? {
        guard let text = text(item, what) else { return nil }
        if known.contains(text) { return text }
        noteUnknown(what, text, at: item.position, known: known, shownMax: known.count)
        return nil
    }

    func bool(_ item: Item, _ what: String) -> Bool? {
        switch item.content {
        case .text("true", isQuoted: false): true
        case .text("false", isQuoted: false): false
        default: mismatch(item, what, "true or false")
        }
    }

    func count(_ item: Item, _ what: String, in range: ClosedRange<Int64> = 0...Int64.max) -> Int64? {
        guard case .text(let text, false) = item.content, let number = Int64(text) else {
            return mismatch(item, what, "a whole number")
        }
        if range.contains(number) { return number }
        note(item.position, "\(what) is \(number)", hint: "from \(range.lowerBound) to \(range.upperBound)")
        return nil
    }

    /// Every item of a list, without those that `read` refused.
    func list<T>(_ item: Item, _ what: String, _ read: (Item) -> T?) -> [T]? {
        guard case .list(let items) = item.content else { return mismatch(item, what, "a list") }
        return items.compactMap(read)
    }

    func mismatch<T>(_ item: Item, _ what: String, _ wanted: String) -> T? {
        note(item.position, "\(what) is \(wanted), not \(item.kindName)")
        return nil
    }
}
