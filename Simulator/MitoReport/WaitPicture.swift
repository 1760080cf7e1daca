public import MitoCore
import MitoTrace

/// Who waits on whom, how far the message or the notice came that nobody got, and where it was lost, to be drawn: only
/// the part of the tree that has to do with it.
public struct WaitPicture: Hashable, Sendable {
    /// One hop of what was lost.
    public struct Hop: Hashable, Sendable {
        public var from: ContextID
        public var to: ContextID
        /// What went along here, in words; the same words in a row are one thing on its way.
        public var what: String
        /// It never came to `to`, or was never sent there.
        public var isLost: Bool
    }

    /// A context with its name and, where it is gone, frozen or untraced, that.
    private struct Node: Hashable, Sendable {
        var context: ContextID
        var name: String
        var state: String
    }

    private struct Edge: Hashable, Sendable {
        var from: ContextID
        var to: ContextID
        var label = ""
    }

    /// A context that is not up.
    struct Newcomer: Hashable, Sendable {
        var asker: ContextID
        var name: String
    }

    private var nodes: [Node] = []
    private var links: [Edge] = []
    private var waits: [Edge] = []
    /// Who waits for a context that is not up, and that one's name.
    private let newcomer: Newcomer?
    private let hops: [Hop]
    private let lostAt: ContextID?

    /// - Parameters:
    ///   - trace: as it stands at the moment that is shown.
    ///   - calls: who waits, each for the next.
    ///   - newcomer: who waits for a context that is not up, and that one's name.
    ///   - lostAt: where something was lost; nil = nothing was.
    ///   - hops: the way of what was lost.
    init(
        _ trace: Trace, waiting calls: [Call] = [], for newcomer: Newcomer? = nil,
        lostAt: ContextID? = nil, _ hops: [Hop] = []
    ) {
        self.newcomer = newcomer
        self.lostAt = lostAt
        self.hops = hops
        waits = calls.map { Edge(from: $0.caller, to: $0.callee, label: "waits for \($0.function)") }
        var seen: Set<ContextID> = [lostAt ?? .master]
        for call in calls { seen.formUnion(trace.tree.path(from: call.caller, to: call.callee) ?? [call.caller]) }
        for hop in hops { seen.formUnion([hop.from, hop.to]) }
        if let newcomer { seen.insert(newcomer.asker) }
        // What hangs together in the tree hangs together in the picture.
        for context in seen.sorted() {
            seen.formUnion(trace.tree.path(from: context, to: lostAt ?? .master) ?? [])
        }
        for context in seen.sorted() {
            nodes.append(Node(context: context, name: trace.name(context), state: trace.state(of: context)))
            if let parent = trace.tree.parent(of: context), seen.contains(parent) {
                links.append(Edge(from: parent, to: context))
            }
        }
    }

    /// As a Mermaid flow chart: lines are links, thick arrows what went along them, a cross where it came to an end,
    /// dotted arrows who waits for whom, and the double frame is where it was lost.
    public var mermaid: String {
        var lines = ["flowchart TB"]
        for node in nodes {
            let label = Mermaid.plain(node.name) + (node.state.isEmpty ? "" : "<br/>\(Mermaid.plain(node.state))")
            let text = label.replacing("\"", with: "'")
            lines.append("    c\(node.context)" + (node.context == lostAt ? "[[\"\(text)\"]]" : "[\"\(text)\"]"))
        }
        let walked = Set(hops.flatMap { [Edge(from: $0.from, to: $0.to), Edge(from: $0.to, to: $0.from)] })
        lines += links.filter { !walked.contains($0) }.map { "    c\($0.from) --- c\($0.to)" }
        lines += hops.map { hop in
            "    c\(hop.from) \(hop.isLost ? "--x" : "==>")|\(Self.label(hop.what))| c\(hop.to)"
        }
        lines += waits.map { "    c\($0.from) -.->|\(Self.label($0.label))| c\($0.to)" }
        if let newcomer {
            lines.append("    new[\(Self.label(newcomer.name))]")
            lines.append("    c\(newcomer.asker) -.->|\"waits for it to come up\"| new")
        }
        if let lostAt { lines.append("    style c\(lostAt) stroke:#c00,stroke-width:3px") }
        return lines.map { $0 + "\n" }.joined()
    }

    private static func label(_ text: String) -> String {
        "\"\(Mermaid.plain(text).replacing("\"", with: "'"))\""
    }
}

extension Trace {
    /// What has become of a context, in a word or two; empty where it is well.
    fileprivate func state(of context: ContextID) -> String {
        guard let member = tree.member(context) else { return "" }
        if let killed = seen(member.killed) { return "killed \(moment(killed))" }
        if let down = seen(member.down) { return "ended \(moment(down))" }
        if let exited = seen(member.exited) { return "ended \(moment(exited))" }
        if isFrozen(context) { return "frozen" }
        return isTraced(context) ? "" : "not traced"
    }
}
