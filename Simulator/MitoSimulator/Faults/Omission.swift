import MitoCore
import MitoLinks
import Mitoscope

/// One thing that the driver of a world owes and does not do: the n-th frame of a kind is never written, the n-th order
/// of a kind never carried out, the n-th deadline never told.
///
/// Two orders are not among them. `.run` never leaves an agent, whose `perform` is its place; `.shape` and `.inflate`
/// come of what other worlds do, the shaping of real links and the preambles of Python parents.
///
/// It is a bug of the simulation, planted so that what finds gaps can be seen to find one. The trace has no word of it.
/// ```swift
/// let simulation = Simulation(seed: 1, functions: [echo], omission: Omission(.reply, nth: 2)) { _ in LinkModel() }
/// ```
public struct Omission: Hashable, Sendable {
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// Frames, at any hop.
        case call, reply, dead, log, shutdown
        case addRoute = "add-route"
        case delRoute = "del-route"
        case allocateID = "allocate-id"
        /// Links that have something to write, and orders.
        case ready, close, launch, connected, completed, deliver, lost, exit
        case up, ending, drain, release, detached
        case logRecord = "log-record"
        case leaveParent = "leave-parent"
        /// A deadline has come, and nobody tells the context.
        case deadline
        /// A function's own code is never run; one that blocks its thread is never told that its time is over.
        case perform, block
    }

    public var kind: Kind
    /// Which of its kind, from 1.
    public var nth: Int

    public init(_ kind: Kind, nth: Int = 1) {
        self.kind = kind
        self.nth = nth
    }

    /// One that a seed draws.
    public init(seed: UInt64) {
        var random = Random(seed: seed, stream: "omission")
        let kinds = Kind.allCases
        self.init(
            kinds[Int(random.below(UInt64(kinds.count)))], nth: 1 + Int(random.below(UInt64(Self.drawnMax))))
    }

    private static let drawnMax = 12
}

/// Counts down to the omission of a run.
struct OmissionCount {
    private let kind: Omission.Kind
    private var left: Int

    init(_ omission: Omission) {
        kind = omission.kind
        left = max(1, omission.nth)
    }

    var isOver: Bool { left == 0 }

    /// Is this the one? Each of the kind counts.
    mutating func takes(_ kind: Omission.Kind) -> Bool {
        guard kind == self.kind, left > 0 else { return false }
        left -= 1
        return left == 0
    }

    mutating func takes(_ deed: Agent.Deed) -> Bool {
        switch deed {
        case .order(let output): output.order.omissionKind.map { takes($0) } ?? false
        case .perform: takes(.perform)
        case .block: takes(.block)
        }
    }

    /// Takes the link that is meant out of those that have something to write, if it is among them.
    mutating func take(from ready: inout [LinkID]) {
        guard kind == .ready, let place = ready.indices.first(where: { _ in takes(.ready) }) else { return }
        ready.remove(at: place)
    }

    /// Takes the frame that is meant out of `bytes`, if it is among them. `units` say where each ends.
    mutating func take(from bytes: inout [UInt8], units: [FrameWalk.Unit]) {
        var start = 0
        for unit in units {
            defer { start = unit.end }
            guard unit.isFrame, let header = try? FrameHeader(bytes.span, at: start, payloadMax: .max),
                takes(header.omissionKind)
            else { continue }
            return bytes.removeSubrange(start..<unit.end)
        }
    }
}

extension FrameHeader {
    fileprivate var omissionKind: Omission.Kind {
        switch FrameKind(handle: handle, replyTo: replyTo) {
        case .call: .call
        case .allocateID: .allocateID
        case .reply, .other, .detaching, .callService, .getModule, .loadModule, .forwardModule, .getResource,
            .loadResource:
            .reply
        case .dead: .dead
        case .log: .log
        case .shutdown: .shutdown
        case .addRoute: .addRoute
        case .delRoute: .delRoute
        }
    }
}

extension Order {
    fileprivate var omissionKind: Omission.Kind? {
        switch self {
        case .close: .close
        case .launch: .launch
        case .connected: .connected
        case .completed: .completed
        case .deliver: .deliver
        case .lost: .lost
        case .exit: .exit
        case .up: .up
        case .log: .logRecord
        case .ending: .ending
        case .drain: .drain
        case .release: .release
        case .detached: .detached
        case .leaveParent: .leaveParent
        case .run, .shape, .inflate: nil
        }
    }
}
