package import MitoCore

/// Which context a DEL_ROUTE is about. A trace has no payloads, but this one is a bare context id, so its digest tells.
package struct DelRouteSubjects: Sendable {
    private let byDigest: [UInt64: ContextID]

    package init(_ tree: Tree) {
        byDigest = Dictionary(tree.contexts.map { (Self.digest(of: $0), $0) }) { first, _ in first }
    }

    package subscript(event: Event) -> ContextID? { byDigest[event.digest] }

    /// Whether this DEL_ROUTE is about `context`.
    static func isAbout(_ context: ContextID, _ event: Event) -> Bool { event.digest == digest(of: context) }

    private static func digest(of context: ContextID) -> UInt64 { PayloadDigest.of(Array("\(context)".utf8).span) }
}
