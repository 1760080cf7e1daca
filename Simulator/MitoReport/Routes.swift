public import MitoCore
import MitoTrace

/// One entry of a context's routes: whom it can reach, and through which of its links.
public struct Route: Hashable, Sendable {
    public var subject: ContextID
    /// The lower end of the link.
    public var link: ContextID

    public init(to subject: ContextID, through link: ContextID) {
        self.subject = subject
        self.link = link
    }
}

extension Trace {
    /// Whom `context` can reach at the end of the trace, by id. What a context reaches through its parent it need not
    /// know, so that is not listed. For an earlier moment: `trace.before(position).routes(of: context)`.
    public func routes(of context: ContextID) -> [Route] {
        var links: [ContextID: ContextID] = [:]
        for position in (positions(of: .routeAdded) + positions(of: .routeRemoved)).sorted() {
            let record = records[position]
            guard record.context == context else { continue }
            links[record.event.subject] = record.event.kind == .routeAdded ? record.event.link : nil
        }
        return links.sorted { $0.key < $1.key }.map { Route(to: $0.key, through: $0.value) }
    }
}
