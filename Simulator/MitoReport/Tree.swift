public import MitoCore
import MitoTrace

/// The contexts of a run: their names, who is below whom, and how each came and went.
public struct Tree: Sendable {
    /// Everybody whom the trace mentions as a part of the tree, by id.
    public let contexts: [ContextID]

    /// The name that a context goes by; its number when the trace never said.
    public func name(_ context: ContextID) -> String {
        if let name = members[context]?.name, !name.isEmpty { return name }
        return context == .master ? "master" : "context \(context)"
    }

    /// The context that goes by this name; the latest, when a name came back after a restart.
    public func context(named name: String) -> ContextID? {
        contexts.last { self.name($0) == name }
    }

    /// The context above this one; nil for the root, and where the trace never showed it.
    public func parent(of context: ContextID) -> ContextID? { members[context]?.parent }

    /// The contexts below this one, by id.
    public func children(of context: ContextID) -> [ContextID] { below[context] ?? [] }

    /// The way along the tree, both ends included; nil when the trace does not show one.
    public func path(from source: ContextID, to target: ContextID) -> [ContextID]? {
        let up = ancestors(of: source)
        let down = ancestors(of: target)
        let common = Set(down)
        guard let meeting = up.first(where: common.contains) else { return nil }
        return up.prefix { $0 != meeting } + [meeting] + down.prefix { $0 != meeting }.reversed()
    }

    /// The context itself, its parent, and so on to the root.
    public func ancestors(of context: ContextID) -> [ContextID] {
        var line = [context]
        // A trace that lies may show a ring: no line is longer than there are contexts.
        while let next = parent(of: line[line.count - 1]), line.count < contexts.count { line.append(next) }
        return line
    }

    /// What the trace tells about one context.
    func member(_ context: ContextID) -> Member? { members[context] }

    /// Positions are into the trace's records.
    struct Member: Sendable {
        var name = ""
        var parent: ContextID?
        /// It wrote at least one record itself.
        var isTraced = false
        /// It said that it ends.
        var down: Int?
        /// The world ended it, with no farewell.
        var killed: Int?
        /// Its parent saw its process end, and how.
        var exited: Int?
        var status = ""
        /// Its parent lost the link to it / it lost the link to its parent.
        var lostBelow: Int?
        var lostAbove: Int?
    }

    private let members: [ContextID: Member]
    private let below: [ContextID: [ContextID]]
}

extension Tree {
    init(_ records: [TraceRecord]) {
        var members = [ContextID.master: Member(name: "master")]
        for (position, record) in records.enumerated() {
            let event = record.event
            members[record.context, default: Member()].isTraced = true
            // Only the two ends of a link ever mention it: who is not its lower end is its upper end.
            if event.link != .master, event.link != record.context {
                members[event.link, default: Member()].parent = record.context
            } else if let parent = record.namedParent, members[record.context]?.parent == nil {
                members[record.context, default: Member()].parent = parent
            }
            Self.note(event, by: record.context, at: position, in: &members)
        }
        contexts = members.keys.sorted()
        if members[.master]?.isTraced == false {
            // Whose parent nobody names hangs on the one who does not speak.
            for context in contexts where context != .master {
                guard let member = members[context], member.isTraced, member.parent == nil else { continue }
                members[context]?.parent = .master
            }
        }
        var below: [ContextID: [ContextID]] = [:]
        for context in contexts {
            if let parent = members[context]?.parent { below[parent, default: []].append(context) }
        }
        self.members = members
        self.below = below
    }

    private static func note(
        _ event: Event, by context: ContextID, at position: Int, in members: inout [ContextID: Member]
    ) {
        switch event.kind {
        case .contextUp:
            members[context, default: Member()].name = event.text
        case .launchStarted where event.link != .master && members[event.link]?.name.isEmpty ?? true:
            members[event.link, default: Member()].name = String(event.text.split(separator: " ").last ?? "")
        case .contextDown:
            members[context, default: Member()].down = position
        case .command
        where event.isOfTheWorld && ["kill", "restart"].contains(event.deed) && members[event.subject]?.killed == nil:
            members[event.subject, default: Member()].killed = position
        case .childExited where event.link != .master:
            members[event.link, default: Member()].exited = position
            members[event.link, default: Member()].status = event.text
        case .linkDown where event.link == context && context != .master:
            members[context, default: Member()].lostAbove = position
        case .linkDown where event.link != .master:
            members[event.link, default: Member()].lostBelow = position
        default: break
        }
    }
}

extension Event {
    /// Done to a context by the world or the teller of a story; what a program asks of its own node has a step.
    var isOfTheWorld: Bool { kind == .command && step == 0 }

    /// Does `context`, whose record this is, say that it has left its parent?
    public func isDetachment(of context: ContextID) -> Bool {
        kind == .linkDown && link == context && reason == .askedTo && text == "detached"
    }
}

extension TraceRecord {
    /// The parent, where it writes no trace itself: news of routes is spoken from hop to hop, and who loses its link
    /// says to whom that led.
    fileprivate var namedParent: ContextID? {
        guard context != .master, event.link == context else { return nil }
        let isNews = event.handle == .addRoute || event.handle == .delRoute
        switch event.kind {
        case .frameOut where event.upward && isNews: return event.destination
        case .frameIn where !event.upward && isNews: return event.source
        case .linkDown: return event.subject
        default: return nil
        }
    }
}

extension Trace {
    /// Whether a context takes no part any more: it said so, the world ended it, or its parent saw its process end.
    public func isGone(_ context: ContextID) -> Bool {
        guard let member = tree.member(context) else { return false }
        return seen(member.down) != nil || seen(member.killed) != nil || seen(member.exited) != nil
    }

    /// Whether nothing passes the link above `lower` any more.
    func isBroken(linkAbove lower: ContextID) -> Bool {
        guard let member = tree.member(lower) else { return false }
        return seen(member.lostBelow) != nil || seen(member.lostAbove) != nil || isGone(lower)
            || member.parent.map(isGone) ?? false
    }

    /// The context nearest to `caller`, on the way down to `callee`, that was lost; nil when the way is whole.
    func lost(between caller: ContextID, and callee: ContextID) -> ContextID? {
        guard let path = tree.path(from: caller, to: callee) else { return nil }
        for (upper, lower) in zip(path, path.dropFirst()) where tree.parent(of: lower) == upper {
            if isBroken(linkAbove: lower) { return lower }
        }
        return nil
    }

    /// Where the parent of `context` saw that it is lost.
    func lossSeen(of context: ContextID) -> Int? {
        guard let member = tree.member(context) else { return nil }
        return [seen(member.lostBelow), seen(member.exited)].compactMap(\.self).min()
    }
}
