#if PLANTED_DEFECTS
    /// A bug that can be planted in a context: it takes frames of one kind from its links and forgets them.
    ///
    /// `swallow-reply` forgets every reply that comes in, `swallow-del-route-2` the second DEL_ROUTE alone. The second
    /// form is how a recorded run says where a message was seen last: the context took it, and nothing followed.
    struct SwallowedFrames: Hashable, Sendable {
        private let kind: FrameKind
        /// Which frame of this kind; nil = every one.
        private let nth: UInt64?
        private var seen: UInt64 = 0

        /// Nil when `defect` is the name of another bug.
        init?(_ defect: String) {
            guard defect.hasPrefix(Self.prefix) else { return nil }
            let name = defect.dropFirst(Self.prefix.utf8.count)
            let parts = name.split(separator: "-", omittingEmptySubsequences: false)
            let nth = parts.last.flatMap { UInt64($0) }
            let word = nth == nil ? name : parts.dropLast().joined(separator: "-")[...]
            guard let kind = FrameKind(rawValue: String(word)), nth != 0 else { return nil }
            self.kind = kind
            self.nth = nth
        }

        /// Is this frame, the next to come in, one of those?
        mutating func takes(_ header: FrameHeader) -> Bool {
            guard FrameKind(handle: header.handle, replyTo: header.replyTo) == kind else { return false }
            seen += 1
            return nth.map { $0 == seen } ?? true
        }

        private static let prefix = "swallow-"
    }
#endif

extension Node {
    /// Can a bug of this name be planted in this build? Besides `defects` there are `swallow-KIND`, whose context
    /// forgets every frame of a kind that comes in, and `swallow-KIND-N`, which is about the N-th of them.
    public static func isDefect(_ name: String) -> Bool {
        #if PLANTED_DEFECTS
            defects.contains(name) || SwallowedFrames(name) != nil
        #else
            false
        #endif
    }
}
