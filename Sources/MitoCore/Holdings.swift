extension Node {
    /// What a node holds on to at one moment, counted from its tables. Its trace must account for all of it.
    ///
    /// ```swift
    /// #expect(node.holdings.handles.isEmpty)
    /// ```
    public struct Holdings: Hashable, Sendable {
        /// One context that the neighbour at the lower end of a link addressed.
        public struct Entry: Hashable, Sendable {
            public var link: ContextID
            public var subject: ContextID
        }

        /// Open handles, least first.
        public var handles: [Handle]
        /// Who is reached through a child, least first.
        public var routes: [ContextID]
        /// Whom each child addressed through here and must be told of when they go.
        public var egress: [Entry]
        /// The callers of chains whose failure is remembered, once for each chain of which nothing waits to run.
        public var chainCallers: [ContextID]
        /// Deadlines that are set.
        public var timers: Int
        /// Functions that run or wait to run.
        public var invocations: Int
        /// Connect commands that have not ended.
        public var connects: Int
    }

    /// What this node holds on to now.
    public var holdings: Holdings {
        let below = links.ids.map { links[$0] }.filter { !$0.isUp }
        return Holdings(
            handles: handles.handles,
            routes: routes.ids.filter { $0 != identity?.ancestors.first },
            egress: below.flatMap { link in
                link.addressed.members.map { Holdings.Entry(link: link.name, subject: $0) }
            },
            chainCallers: dispatcher.chainCallers, timers: timers.count, invocations: dispatcher.count,
            connects: connecting.pending.count)
    }
}
