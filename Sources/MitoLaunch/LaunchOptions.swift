import MitoCore

/// The options of a launch by their names; the last one of a name counts, and None is as if it were not there.
struct LaunchOptions {
    private let pairs: [Value.Pair]

    init(_ pairs: [Value.Pair]) { self.pairs = pairs }

    func value(_ name: Value) -> Value? {
        guard let value = pairs.last(where: { $0.key == name })?.value, value != .none else { return nil }
        return value
    }

    /// Text that the kernel takes as one word: a zero byte would end it early.
    func text(_ name: String) throws(LaunchError) -> String? {
        guard let value = value(.text(Text(name))) else { return nil }
        guard let word = Self.word(value) else { throw .badOption(name: name, wanted: "text") }
        return word
    }

    func texts(_ name: String) throws(LaunchError) -> [String]? {
        let error = LaunchError.badOption(name: name, wanted: "a list of texts")
        switch value(.text(Text(name))) {
        case nil: return nil
        case .list(let values)?, .tuple(let values)?:
            return try values.map { value throws(LaunchError) in
                guard let word = Self.word(value) else { throw error }
                return word
            }
        default: throw error
        }
    }

    private static func word(_ value: Value) -> String? {
        guard case .text(let text) = value, !text.string.isEmpty, !text.string.utf8.contains(0) else { return nil }
        return text.string
    }
}
