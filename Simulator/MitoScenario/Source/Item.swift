/// One node of a parsed file: text, a list or a mapping, and where it stands. Scalars are text; the reader types them.
struct Item: Sendable {
    enum Content: Sendable {
        case text(String, isQuoted: Bool)
        case list([Item])
        case map([Entry])
    }

    /// One `key: value` of a mapping.
    struct Entry: Sendable {
        var key: String
        var position: SourcePosition
        var value: Item
    }

    var content: Content
    var position: SourcePosition

    /// What it is, for an error message.
    var kindName: String {
        switch content {
        case .text(let text, _): text.isEmpty ? "nothing" : "'\(shown(text))'"
        case .list: "a list"
        case .map: "a mapping"
        }
    }
}
