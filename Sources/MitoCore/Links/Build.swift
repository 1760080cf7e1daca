/// Which build a context is, as it tells its neighbours at the start: two programs that do not know the same functions
/// are better told apart before the first call than by it. A Python peer never sees it.
///
/// ```swift
/// node.build = Build(version: "0.1.0", functions: ["demo.hostname"])
/// ```
public struct Build: Hashable, Sendable {
    /// Of the library.
    public var version: String
    /// A digest of the functions' names; nil when the context has none and wants none of others.
    public var functions: String?

    /// The digest does not depend on the order of the names.
    public init(version: String, functions names: [String]) {
        self.version = version
        guard !names.isEmpty else { return }
        let digest = names.sorted().reduce(UInt64(names.count)) { digest, name in
            PayloadDigest.mixed(digest &* 31 ^ PayloadDigest.of(Array(name.utf8).span))
        }
        functions = String(digest, radix: 16)
    }

    /// As it travels: `VERSION` or `VERSION FUNCTIONS`.
    init?(_ text: String) {
        let words = text.split(separator: " ", omittingEmptySubsequences: false)
        guard (1...2).contains(words.count), !words[0].isEmpty, text.utf8.count <= Self.textBytesMax else { return nil }
        version = String(words[0])
        functions = words.count == 2 ? String(words[1]) : nil
    }

    /// As it travels.
    var text: String { functions.map { "\(version) \($0)" } ?? version }

    /// Can the two be neighbours? One that has no functions takes every other's.
    public func fits(_ other: Build) -> Bool {
        version == other.version && (functions == nil || other.functions == nil || functions == other.functions)
    }

    private static let textBytesMax = 200
}

extension Build: CustomStringConvertible {
    /// For people: `mitoscope 0.1.0 with functions 3a5f…`.
    public var description: String { "mitoscope \(version)" + (functions.map { " with functions \($0)" } ?? "") }
}
