import MitoCore
import MitoLinks

/// The links of a simulated world: tree edges only, two conduits each.
///
/// Bytes, not messages, cross it; the only way into a context is its decoder.
struct Fabric {
    typealias ConduitIndex = UInt32

    init(seed: UInt64) { self.seed = seed }

    /// All frames that have come out whole anywhere.
    private(set) var framesMoved: UInt64 = 0

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

    /// Takes out what comes next.
    mutating func take(_ index: ConduitIndex) -> Conduit.Piece {
        let before = self[index].framesMoved
        let piece = self[index].take()
        framesMoved += self[index].framesMoved - before
        return piece
    }

    // MARK: Buffers

    /// An empty buffer, with room from earlier use when there is one.
    mutating func buffer() -> [UInt8] { buffers.popLast() ?? [] }

    /// Takes a buffer back that nobody reads any more.
    mutating func recycle(_ buffer: inout [UInt8]) {
        guard buffers.count < Self.buffersMax, buffer.capacity <= Self.bufferBytesMax else { return }
        var empty: [UInt8] = []
        swap(&empty, &buffer)
        empty.removeAll(keepingCapacity: true)
        buffers.append(consume empty)
    }

    // MARK: Parts

    private let seed: UInt64
    private var buffers: [[UInt8]] = []
    private var conduits: [Conduit] = []

    private static let buffersMax = 1024
    private static let bufferBytesMax = 64 * 1024

    private func random(_ what: String, _ plan: LaunchPlan) -> Random {
        Random(seed: seed, stream: "link \(plan.context) \(what)")
    }
}
