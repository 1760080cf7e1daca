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
        upper: HostIndex, _ parent: ContextID, lower: HostIndex, plan: LaunchPlan, model: LinkModel
    ) -> (down: ConduitIndex, up: ConduitIndex) {
        let down = Conduit(
            from: parent, to: lower, .parent, lower: plan.context, .down,
            queue: queue(model, plan, .down, .preamble(plan.preambleLength)), cuts: cuts(plan, .down))
        let up = Conduit(
            from: plan.context, to: upper, plan.link, lower: plan.context, .up,
            queue: queue(model, plan, .up, .greeting), cuts: cuts(plan, .up))
        conduits.append(down)
        conduits.append(up)
        return (ConduitIndex(conduits.count - 2), ConduitIndex(conduits.count - 1))
    }

    /// One of them. No coroutine lends it: where that is not inlined, Swift 6.3 gives the loan of so large a value back
    /// before it reads another module's property of it.
    subscript(index: ConduitIndex) -> Conduit {
        get { conduits[Int(index)] }
        _modify { yield &conduits[Int(index)] }
    }

    /// The other direction of the same link.
    func opposite(_ index: ConduitIndex) -> ConduitIndex { index ^ 1 }

    /// Takes out what comes next.
    mutating func take(_ index: ConduitIndex) -> LinkQueue.Piece {
        let piece = conduits[Int(index)].take()
        framesMoved += UInt64(piece.frames)
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
    /// What a socket of a live context takes.
    private static let socketBytes = 128 * 1024

    private func queue(
        _ model: LinkModel, _ plan: LaunchPlan, _ way: Way, _ preface: FrameWalk.Preface
    ) -> LinkQueue {
        LinkQueue(
            model[way], seed: seed, link: plan.context, way, preface: preface, buffer: Self.socketBytes)
    }

    private func cuts(_ plan: LaunchPlan, _ way: Way) -> Random {
        Random(seed: seed, stream: "link \(plan.context) \(way) cuts")
    }
}
