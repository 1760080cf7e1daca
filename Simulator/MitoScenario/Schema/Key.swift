/// One key that a mapping of the language may have. The reader takes no others, and the schema tells editors of these:
/// both go by the same tables.
///
/// ```swift
/// static let options = [Key("by", .duration, "How much later.", isRequired: true)]
/// ```
struct Key: Sendable {
    let name: String
    let shape: Shape
    /// One sentence, which an editor shows.
    let meaning: String
    let isRequired: Bool
    /// A value that shows how it is meant.
    let example: String

    init(_ name: String, _ shape: Shape, _ meaning: String, isRequired: Bool = false, example: String? = nil) {
        self.name = name
        self.shape = shape
        self.meaning = meaning
        self.isRequired = isRequired
        self.example = example ?? shape.example
    }
}

extension [Key] {
    var names: [String] { map(\.name) }
}
