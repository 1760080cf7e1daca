import MitoCore
import Mitoscope

typealias HostIndex = UInt32

/// One simulated process: a context and its ends of links.
struct Host {
    /// Settled in the launch plan, before the process itself knows.
    let id: ContextID
    /// The process that started this one, and its link to here; nil in the root.
    let parent: (host: HostIndex, link: LinkID)?
    var agent: Agent
    /// The program's side of it, and whether there is a program.
    var desk = Desk()
    var hasProgram = false
    var state: State
    /// The pending `expired`.
    var alarm: (slot: EventHeap.Slot, at: Instant)?
    /// The pending `unblocked`: one thread runs functions, so there is at most one.
    var blocked: EventHeap.Slot?
    /// What it was started by; nil in the root.
    var plan: LaunchPlan?
    /// Its own clock; nil where that is the world's.
    var clock: LocalClock?
    /// Is the process stopped? Then what concerns it is put aside until it goes on.
    var isFrozen = false
    /// Children that were frozen when this process closed its link to them.
    var disowned: [HostIndex] = []
    var missed: [Occurrence] = []
    var missedRequests: [UserCode.Request] = []

    enum State: Equatable {
        /// Ordered, and not begun yet.
        case starting
        /// The process runs; `isUp` once it knows who it is.
        case running(isUp: Bool)
        /// Over, for a reason that its parent will read.
        case ended(status: String)
    }

    init(id: ContextID, parent: (host: HostIndex, link: LinkID)?, agent: Agent, state: State) {
        self.id = id
        self.parent = parent
        self.agent = agent
        self.state = state
    }

    mutating func perform(_ work: World.Work, at now: Instant) { work(&agent, &desk, now) }

    var isRunning: Bool {
        if case .running = state { true } else { false }
    }

    /// The conduit that leads away from here on `link`; nil once the link is closed at this end.
    func outgoing(_ link: LinkID) -> Fabric.ConduitIndex? {
        let index = Int(link.rawValue)
        return index < conduits.count ? conduits[index] : nil
    }

    mutating func open(_ link: LinkID, outgoing: Fabric.ConduitIndex) {
        let index = Int(link.rawValue)
        while conduits.count <= index { conduits.append(nil) }
        conduits[index] = outgoing
    }

    mutating func close(_ link: LinkID) { conduits[Int(link.rawValue)] = nil }

    /// The links that are open at this end, in their order.
    var openLinks: [LinkID] { conduits.indices.filter { conduits[$0] != nil }.map { LinkID(UInt32($0)) } }

    /// By link: nodes number their links from 0 and never use a number twice.
    private var conduits: [Fabric.ConduitIndex?] = []
}
