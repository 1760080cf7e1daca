import MitoCore

extension ErrorSheet {
    /// A value as an argument or a result: what is not quoted and looks like a number, a truth or nothing, is one.
    func value(_ item: Item) -> Value? {
        switch item.content {
        case .text(let text, let isQuoted): isQuoted ? .text(text) : plainValue(text, item)
        case .list(let items): .list(items.compactMap(value))
        case .map(let entries): dict(entries)
        }
    }

    private func dict(_ entries: [Item.Entry]) -> Value {
        var pairs: [Value.Pair] = []
        for entry in entries {
            let key = Value.text(entry.key)
            if pairs.contains(where: { $0.key == key }) { note(entry.position, "duplicate key '\(shown(entry.key))'") }
            guard let value = value(entry.value) else { continue }
            pairs.append(Value.Pair(key, value))
        }
        return .dict(pairs)
    }

    private func plainValue(_ text: String, _ item: Item) -> Value? {
        switch text {
        case "", "null", "~": return Value.none
        case "true": return .bool(true)
        case "false": return .bool(false)
        default: break
        }
        if let number = Int64(text) { return .int(number) }
        let digits = text.first == "-" || text.first == "+" ? text.dropFirst() : text[...]
        guard digits.first?.isASCII == true, digits.first?.isNumber == true else { return .text(text) }
        if digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
            note(item.position, "the number \(shown(text)) needs more than 64 bits", hint: "quote it to make it text")
            return nil
        }
        guard let number = Double(text), number.isFinite else { return .text(text) }
        return .float(number)
    }
}
