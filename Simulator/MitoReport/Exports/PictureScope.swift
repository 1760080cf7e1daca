public import MitoCore
import MitoTrace

/// What of a run is drawn: some of its time, some sorts of events, some contexts.
///
/// ```swift
/// var scope = PictureScope()
/// scope.until = .start + .milliseconds(500)
/// scope.kinds = [.calls, .faults]
/// let picture = SpaceTime(trace, scope: scope).svg
/// ```
public struct PictureScope: Hashable, Sendable {
    /// Sorts of what can be drawn.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// Calls and their answers.
        case calls
        /// Other messages of programs, such as the items of a stream.
        case messages
        /// News of who can be reached, and of who is gone.
        case routes
        /// Contexts that come up, are asked to end, and end.
        case contexts
        /// What the world did, and what was dropped.
        case faults
        case logs
    }

    /// From this moment on.
    public var from: Instant?
    /// Up to this moment, without it.
    public var until: Instant?
    public var kinds = Set(Kind.allCases)
    /// Only what one of these sends, gets, passes on or does; empty = everybody.
    public var contexts: Set<ContextID> = []

    public init() {}

    func holds(_ mark: PictureMark, in trace: Trace) -> Bool {
        let record = trace.records[mark.position]
        let event = record.event
        guard kinds.contains(mark.kind), holds(momentOf: record) else { return false }
        if contexts.isEmpty { return true }
        return switch mark.shape {
        case .note(let context, _): contexts.contains(context)
        case .hop(let hop):
            !contexts.isDisjoint(with: [hop.sender, hop.receiver, event.source, event.destination])
        }
    }

    /// Is a call shown that lasts while the picture does?
    func holds(_ call: Call) -> Bool {
        kinds.contains(.calls) && call.wantsReply
            && (contexts.isEmpty || contexts.contains(call.caller) || contexts.contains(call.callee))
    }

    func holds(momentOf record: TraceRecord) -> Bool {
        let now = record.event.at
        return from.map { $0 <= now } ?? true && until.map { now < $0 } ?? true
    }
}
