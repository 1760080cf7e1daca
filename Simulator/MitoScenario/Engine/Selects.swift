/// Who gets what came first: each result is given once, to the select that waits longest for it, or else to the next
/// that asks.
struct Selects: Sendable {
    /// Those that wait, each with what it waits for.
    private var waiting: [(select: String, names: [String])] = []
    /// What came and was not given, in order.
    private var come: [String] = []

    /// A select begins, whose mark says for what; returns what it is given at once.
    mutating func open(_ select: String, _ mark: String) -> String? {
        let names = mark.split(separator: " ").dropFirst().map(String.init)
        if let place = come.firstIndex(where: names.contains) { return come.remove(at: place) }
        waiting.append((select, names))
        return nil
    }

    /// A result came: returns the select that it is given to.
    mutating func came(_ name: String) -> String? {
        if let place = waiting.firstIndex(where: { $0.names.contains(name) }) {
            return waiting.remove(at: place).select
        }
        come.append(name)
        return nil
    }
}
