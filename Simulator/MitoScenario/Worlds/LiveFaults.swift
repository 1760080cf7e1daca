public import MitoCore
import MitoLinks
import MitoLive
public import MitoSimulator
import Mitoscope

/// What a story does to real processes and their links.
///
/// Processes are stopped and ended by signals. What is ordered for a link its upper end carries out, which the order
/// reaches through the tree; so no order gets past a link that is cut or held.
extension LiveWorld {
    public func perform(_ fault: Fault, on context: String, as name: String) throws(CannotPerform) {
        switch fault {
        case .freeze(let id):
            guard !frozen.contains(id) else { throw CannotPerform("\(context) is frozen already") }
            let process = try process(of: context, or: "it cannot be frozen")
            mark("\(fault)", on: id, as: name)
            frozen.insert(id)
            ProcessTable.freeze(process)
        case .thaw(let id):
            guard frozen.remove(id) != nil else { throw CannotPerform("\(context) is not frozen") }
            let process = try process(of: context, or: "it cannot be thawed")
            mark("\(fault)", on: id, as: name)
            ProcessTable.thaw(process)
        case .kill(let id):
            guard kill(context, id, as: name) else { throw CannotPerform("\(context) has ended") }
        case .link(let lower, let order):
            try perform(order, onLinkOf: context, lower, as: name)
        case .restart(let id):
            try restart(context, id, as: name)
        case .skew, .frames, .spoof:
            throw CannotPerform("'\(fault)' is told in `sim` only")
        }
    }

    public func restart(_ context: String, _ id: ContextID, as name: String) throws(CannotPerform) {
        guard let plan = scenario.plan(of: context) else { throw CannotPerform("\(context) is not in the story") }
        mark(RestartWord.word, on: id, as: name)
        killed.insert(id)
        frozen.remove(id)
        closedLinks.remove(id)
        if let process = ProcessTable.process(of: context, inTree: tail.path) { ProcessTable.kill(process) }
        startConnect(plan, as: name)
    }

    public func unleash(_ chaos: Chaos, as name: String) {
        mark(ChaosWord.word, on: .master, as: name)
        let now = Instant.monotonic
        chosen += chaos.strikes(on: cast.victims, seed: seed).map { (now + $0.after, $0.fault, 0) }
    }

    /// Does what chance has chosen for now, as far as it can be done.
    func performChosen(at now: Instant) {
        let due = chosen.filter { $0.at <= now }
        chosen.removeAll { $0.at <= now }
        for var next in due {
            let subject = next.fault.subject
            guard let context = cast.ids.first(where: { $0.value == subject })?.key else { continue }
            // A link behind one that is still cut can be mended as soon as that is.
            if case .link(_, .mend) = next.fault, closedLink(above: parent(of: context)) != nil,
                next.tries < Self.triesMax
            {
                next.tries += 1
                next.at = now + Self.retryGap
                chosen.append(next)
                continue
            }
            try? perform(next.fault, on: context, as: "")
        }
    }

    private static let triesMax = 100
    private static let retryGap = Duration.milliseconds(20)

    // MARK: Links

    private func perform(
        _ order: LinkOrder, onLinkOf context: String, _ lower: ContextID, as name: String
    ) throws(CannotPerform) {
        guard !(try performOnGrounds(order, onLinkOf: context, lower, as: name)) else { return }
        let upper = parent(of: context)
        if let closed = closedLink(above: upper) {
            throw CannotPerform("the link of \(closed) is cut or held, and orders for what is below go through it")
        }
        mark("\(order)", on: lower, as: name)
        if upper == .master {
            broker.submit { agent, now in agent.node.shape(lower, order.value, at: now) }
        } else {
            _ = ask(upper, .shape(lower, order.value))
        }
        switch order {
        case .cut, .hold: closedLinks.insert(lower)
        case .mend, .release, .reset: closedLinks.remove(lower)
        // The lower end shapes what goes up.
        case .set: _ = ask(lower, .shape(lower, order.value))
        }
    }

    /// Where links are the grounds', no order has to get past another link. The mark comes first, as everywhere: what
    /// follows from an order stands behind it.
    private func performOnGrounds(
        _ order: LinkOrder, onLinkOf context: String, _ lower: ContextID, as name: String
    ) throws(CannotPerform) -> Bool {
        guard grounds.hasLinks else { return false }
        mark("\(order)", on: lower, as: name)
        try grounds.perform(order, onLinkOf: context)
        return true
    }

    /// The nearest link above a context that lets no order through.
    private func closedLink(above id: ContextID) -> String? {
        var id = id
        while id != .master, let name = cast.ids.first(where: { $0.value == id })?.key {
            if closedLinks.contains(id) { return name }
            id = parent(of: name)
        }
        return nil
    }

    private func parent(of context: String) -> ContextID {
        scenario.plan(of: context).flatMap { cast.ids[$0.via] } ?? .master
    }

    private func process(of context: String, or consequence: String) throws(CannotPerform) -> Int32 {
        guard let process = ProcessTable.process(of: context, inTree: tail.path) else {
            throw CannotPerform("\(context) has ended, so \(consequence)")
        }
        return process
    }
}
