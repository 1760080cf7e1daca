import MitoCore
import MitoLinks
import Mitoscope

/// A load for measurements: a tree of contexts, and pairs of them of which one calls the other without pause.
///
/// Anybody may call anybody but the root, which takes no calls.
///
/// ```swift
/// let load = BusyPairs(contexts: 200)
/// let hops = load.run(hops: 1_000_000)        // time this
/// ```
public final class BusyPairs {
    public let simulation: Simulation
    /// Calls that ended with a value, and otherwise.
    public private(set) var answers: UInt64 = 0
    public private(set) var failures: UInt64 = 0

    /// Builds the tree and starts all calls.
    /// - Parameters:
    ///   - contexts: how many there are with the root; at least 2.
    ///   - pairs: how many pairs of contexts call each other.
    ///   - width: how many children a context has before the next one gets any.
    ///   - seed: what all chance is drawn from.
    ///   - isTraced: are there records to hash?
    public init(contexts: Int, pairs: Int = 100, width: Int = 32, seed: UInt64 = 1, isTraced: Bool = true) {
        precondition(contexts >= 2 && pairs >= 1 && width >= 1, "a pair needs two contexts")
        var configuration = Node.Configuration()
        configuration.isTraced = isTraced
        configuration.callers = .anyone
        configuration.flightEntriesMax = 0
        let delay = Delay.uniform(.microseconds(50), .microseconds(150))
        simulation = Simulation(seed: seed, configuration: configuration, functions: [BuiltInFunctions.echo]) { _ in
            LinkModel(delay: delay)
        }
        simulation.onOrder = { [unowned self] in received($1, in: $0) }
        grow(to: contexts, width: width)
        calls = Array(repeating: [], count: 1 + Int(tree.map(\.rawValue).max() ?? 0))
        pair(pairs, random: Random(seed: seed, stream: "busy pairs"))
    }

    /// Runs until at least so many more frames have crossed a link; returns how many did.
    public func run(hops: UInt64) -> UInt64 {
        let before = simulation.framesMoved
        while simulation.framesMoved - before < hops {
            guard simulation.run(until: simulation.now + .microseconds(100)) == .reached else { break }
        }
        return simulation.framesMoved - before
    }

    // MARK: Parts

    /// In the order in which they came up, the root first.
    private var tree: [ContextID] = [.master]
    /// The calls of each context that have not ended, few at a time, by its number.
    private var calls: [[(id: CallID, target: ContextID)]] = []

    /// Level by level: all children of one level are started at once.
    private func grow(to count: Int, width: Int) {
        var level = 0..<1
        while tree.count < count {
            var wanted = count - tree.count
            for parent in level {
                for _ in 0..<min(width, wanted) { connect(below: tree[parent]) }
                wanted = max(0, wanted - width)
            }
            simulation.run()
            precondition(tree.count > level.upperBound, "no context of this level came up")
            level = level.upperBound..<tree.count
        }
    }

    private func connect(below parent: ContextID) {
        let request = ConnectRequest(via: parent == .master ? nil : parent)
        simulation.withAgent(.master) { _ = $0.node.connect(request, at: $1) }
    }

    private func pair(_ count: Int, random: Random) {
        var random = random
        for _ in 0..<count {
            let target = 1 + Int(random.below(UInt64(tree.count - 1)))
            let caller = (target + 1 + Int(random.below(UInt64(tree.count - 1)))) % tree.count
            call(tree[target], from: tree[caller])
        }
    }

    private func call(_ target: ContextID, from caller: ContextID) {
        let request = CallRequest("echo", on: target, [42])
        let call = simulation.withAgent(caller) { $0.node.call(request, at: $1) }
        if let call { calls[Int(caller.rawValue)].append((call, target)) }
    }

    private func received(_ order: Order, in context: ContextID) {
        switch order {
        case .connected(_, .success(let child)): tree.append(child)
        case .completed(let call, let outcome):
            if case .value = outcome { answers += 1 } else { failures += 1 }
            let caller = Int(context.rawValue)
            guard let place = calls[caller].firstIndex(where: { $0.id == call }) else { return }
            self.call(calls[caller].remove(at: place).target, from: context)
        default: break
        }
    }
}
