/// Walks a value in the order in which it is written, without recursion: a deep value costs memory, never the stack.
struct ValueTraversal {
    enum Kind {
        case list, tuple, dict, keywords
    }

    /// Where a value stands among its siblings.
    enum Place {
        /// The first one, or the whole.
        case first
        /// An item or a key after another.
        case next
        /// What a key stands for.
        case mapped
    }

    enum Step {
        /// A value that holds no other.
        case leaf(Value, Place)
        /// The values within follow; `count` items, or pairs.
        case open(Kind, count: Int, Place)
        case close(Kind, count: Int)
    }

    private enum Content {
        case items([Value])
        case pairs([Value.Pair])
    }

    private struct Frame {
        let kind: Kind
        let count: Int
        let content: Content
        /// Pairs count twice: key, then value.
        var done = 0
    }

    private var root: Value?
    /// What holds the next value, and what holds that, the outermost first.
    private var current: Frame?
    private var outer: [Frame] = []

    init(_ value: Value) { root = value }

    /// The next step, or nil at the end.
    mutating func next() -> Step? {
        if let value = root {
            root = nil
            return enter(value, .first)
        }
        guard let done = current?.done else { return nil }
        switch current!.content {
        case .items(let items):
            guard done < items.count else { break }
            current!.done += 1
            return enter(items[done], done == 0 ? .first : .next)
        case .pairs(let pairs):
            guard done < pairs.count * 2 else { break }
            current!.done += 1
            if done % 2 == 1 { return enter(pairs[done / 2].value, .mapped) }
            return enter(pairs[done / 2].key, done == 0 ? .first : .next)
        }
        defer { current = outer.popLast() }
        return current.map { .close($0.kind, count: $0.count) }
    }

    private mutating func enter(_ value: Value, _ place: Place) -> Step {
        switch value {
        case .list(let items): open(.list, items.count, .items(items), place)
        case .tuple(let items): open(.tuple, items.count, .items(items), place)
        case .dict(let pairs): open(.dict, pairs.count, .pairs(pairs), place)
        case .keywords(let pairs): open(.keywords, pairs.count, .pairs(pairs), place)
        default: .leaf(value, place)
        }
    }

    private mutating func open(_ kind: Kind, _ count: Int, _ content: Content, _ place: Place) -> Step {
        if let holder = current { outer.append(holder) }
        current = Frame(kind: kind, count: count, content: content)
        return .open(kind, count: count, place)
    }
}
