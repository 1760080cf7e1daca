import MitoCore
import MitoLinks

/// The links of a simulated world: tree edges only, two conduits each.
///
/// Bytes, not messages, cross it; the only way into a context is its decoder.
struct Fabric {
    typealias ConduitIndex = UInt32

    init(seed: UInt64) { self.seed = seed }

    /// All frames that have come out whole anywhere.
    var framesMoved: UInt64 { conduits.reduce(0) { $0 + $1.framesMoved } }

    /// A new link between `upper`'s link and `lower`'s parent link, named after the context below it.
    mutating func connect(
        upper: HostIndex, _ link: LinkID, lower: HostIndex, plan: LaunchPlan, model: LinkModel
    ) -> (down: ConduitIndex, up: ConduitIndex) {
        let down = Conduit(
            to: lower, .parent, state: LinkState(model.down, random: random("down delay", plan)),
            cuts: random("down cuts", plan), preface: .bytes(left: plan.preambleLength))
        let up = Conduit(
            to: upper, link, state: LinkState(model.up, random: random("up delay", plan)),
            cuts: random("up cuts", plan), preface: .marker(matched: 0))
        conduits.append(down)
        conduits.append(up)
        return (ConduitIndex(conduits.count - 2), ConduitIndex(conduits.count - 1))
    }

    subscript(index: ConduitIndex) -> Conduit {
        get { conduits[Int(index)] }
        _modify { yield &conduits[Int(index)] }
    }

    // MARK: Parts

    private let seed: UInt64
    private var conduits: [Conduit] = []

    private func random(_ what: String, _ plan: LaunchPlan) -> Random {
        Random(seed: seed, stream: "link \(plan.context) \(what)")
    }
}
