package import MitoCore

/// Which context an ADD_ROUTE or a DEL_ROUTE is about. A trace has no payloads, but these are an id with or without a
/// name, so their digest tells.
package struct RouteSubjects: Sendable {
    private let byDigest: [UInt64: ContextID]

    package init(_ tree: Tree) {
        let texts = tree.contexts.flatMap { context in
            Self.texts(about: context, named: tree.name(context)).map { (Self.digest(of: $0), context) }
        }
        byDigest = Dictionary(texts) { first, _ in first }
    }

    package subscript(event: Event) -> ContextID? { byDigest[event.digest] }

    /// Whether this DEL_ROUTE is about `context`.
    static func isAbout(_ context: ContextID, _ event: Event) -> Bool { event.digest == digest(of: "\(context)") }

    /// What a DEL_ROUTE says, and what an ADD_ROUTE does.
    private static func texts(about context: ContextID, named name: String) -> [String] {
        ["\(context)", "\(context):\(name)"]
    }

    private static func digest(of text: String) -> UInt64 { PayloadDigest.of(Array(text.utf8).span) }
}
