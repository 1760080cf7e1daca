import MitoCore
import MitoLinks
import MitoTrace
import Mitoscope
import Synchronization

/// The user's code in one simulation: the pieces of it that could run now, what it asked of its contexts, and when it
/// wants to be woken.
///
/// The kernel knows nothing of tasks and threads, and user code nothing of the kernel: both only touch this, so that a
/// piece may ask for anything while it runs. The simulation takes from here to there between events.
///
/// `@unchecked`: only the thread that has the baton touches what varies: the simulation's own, or the blocking one that
/// it waits for. What other threads may call says so.
final class UserCode: @unchecked Sendable {
    /// Something that runs until it suspends, parks or ends.
    enum Piece {
        case job(UnownedJob, Lane)
        /// A blocking thread, unless it has gone on since it had this ticket.
        case thread(BatonThread, ticket: UInt64)
    }

    /// A job that a program submitted to one of its contexts.
    struct Request {
        let host: HostIndex
        let work: World.Work
    }

    /// When a sleeper wants to be woken.
    struct Alarm {
        let time: Instant
        let sleeper: SleeperIndex
    }

    typealias SleeperIndex = UInt32

    let machine: SimulatedMachine
    let pulse = Pulse()
    /// The context whose code runs, or for whose code something has just happened.
    var host: HostIndex = 0 {
        didSet { if !clocks.isEmpty { machine.now = time(of: host) } }
    }
    /// The world's time.
    var now = Instant.start {
        didSet { machine.now = time(of: host) }
    }
    /// The clocks of contexts that have one of their own. For look-up only, never iterated.
    var clocks: [HostIndex: LocalClock] = [:]
    /// Is the piece that runs one of the main actor's?
    private(set) var isOnMainActor = false
    /// The programs and functions of contexts, where there are any. For look-up only, never iterated.
    var programs: [HostIndex: HostProgram] = [:]
    /// Threads for blocking code that have nothing to do, and all of them in the order of their start.
    var idleThreads: [BatonThread] = []
    var threads: [BatonThread] = []
    private(set) var thorough: ThoroughExecutor!

    /// Is there any user code? Where there is none, that is all the kernel looks at, and `now` and `host` stay behind.
    private(set) var isInUse = false
    private var ready: [(piece: Piece, host: HostIndex)] = []
    /// Contexts whose processes are stopped, for look-up only, and what of their code could run.
    private var frozen: Set<HostIndex> = []
    private var stopped: [(piece: Piece, host: HostIndex)] = []
    private var requests: [Request] = []
    private var alarms: [Alarm] = []
    private var sleepers: [(piece: Piece, host: HostIndex)?] = []
    private var freeSleepers: [SleeperIndex] = []
    private var draws: Random
    /// The tasks that prefer no executor. For look-up only, never iterated.
    private var tasks: Set<UInt64> = []
    /// The same, in the order of their appearance.
    private var taskNumbers: [UInt64] = []
    private var roll = TaskRoll()
    private var order = RollingHash()
    private let escapes = Mutex<Escape.Note?>(nil)
    private let isOpen = Atomic(true)
    private let hasNote = Atomic(false)

    init(seed: UInt64) {
        machine = SimulatedMachine(seed: seed)
        draws = Random(seed: seed, stream: "user code")
        machine.belong(to: self)
        thorough = ThoroughExecutor(self)
        _ = unsafe Unmanaged.passRetained(thorough)
    }

    /// More tasks than this are not looked for elsewhere: a finished one cannot be told from one that waits.
    private static let tasksMax = 1 << 18

    // MARK: Asking

    func add(_ program: HostProgram, of host: HostIndex) {
        isInUse = true
        programs[host] = program
    }

    /// Puts a piece among those that can run; `host` = the context whose code asks.
    func add(_ piece: Piece, of host: HostIndex? = nil) {
        guard isHere("a task or thread went on") else { return }
        isInUse = true
        let host = host ?? self.host
        guard isAlive(host) else { return }
        if frozen.contains(host) { stopped.append((piece, host)) } else { ready.append((piece, host)) }
    }

    /// Lets a piece run when this time has come by the clock of its context.
    func add(_ piece: Piece, of host: HostIndex? = nil, at time: Instant) {
        guard isHere("a task began to sleep") else { return }
        isInUse = true
        let host = host ?? self.host
        let time = clocks[host]?.moment(of: time) ?? time
        let sleeper = (piece, host)
        if let free = freeSleepers.popLast() {
            sleepers[Int(free)] = sleeper
            alarms.append(Alarm(time: time, sleeper: free))
        } else {
            sleepers.append(sleeper)
            alarms.append(Alarm(time: time, sleeper: SleeperIndex(sleepers.count - 1)))
        }
    }

    /// Takes work for a context; false when nobody will do it.
    func submit(_ label: StaticString, _ work: @escaping World.Work, to host: HostIndex) -> Bool {
        guard isHere("\(label) was submitted"), isAlive(host) else { return false }
        isInUse = true
        requests.append(Request(host: host, work: work))
        return true
    }

    // MARK: Going on

    /// What the clock of a context shows.
    func time(of host: HostIndex) -> Instant { clocks.isEmpty ? now : clocks[host]?.time(at: now) ?? now }

    var hasRequests: Bool { !requests.isEmpty }
    var isReady: Bool { !ready.isEmpty }
    /// Is there something to do before the next event?
    var wantsTurn: Bool { isInUse && (hasRequests || isReady) }

    /// What happened in user code so far in one number: the order in which pieces ran, and the chance they asked for.
    var hash: UInt64 {
        var hash = order
        hash.fold(machine.bytesDrawn)
        return hash.value
    }

    /// Runs one piece. With `others` further things that could happen now, it may be the turn of one of those: false.
    func runOne(others: Int) -> Bool {
        let count = UInt64(ready.count + others)
        let place = count > 1 ? Int(draws.below(count)) : 0
        order.fold(UInt64(bitPattern: now.nanoseconds))
        order.fold(count << 32 | UInt64(place))
        guard place < ready.count else { return false }
        ready.swapAt(place, ready.count - 1)
        let (piece, host) = ready.removeLast()
        self.host = host
        order.fold(UInt64(host))
        pulse.beat(programs[host]?.running)
        switch piece {
        case .job(let job, let lane):
            isOnMainActor = lane.isMain
            let address = Self.address(of: job)
            run(job, on: lane)
            roll.ran(address)
            isOnMainActor = false
        case .thread(let thread, let ticket): thread.goOn(ticket)
        }
        findLeak()
        return true
    }

    func takeRequests() -> [Request] {
        defer { requests = [] }
        return requests
    }

    func takeAlarms(_ body: (Alarm) -> Void) {
        guard isInUse else { return }
        for alarm in alarms { body(alarm) }
        alarms.removeAll(keepingCapacity: true)
    }

    /// The time of a sleeper has come.
    func wake(_ index: SleeperIndex) {
        guard let (piece, host) = sleepers[Int(index)] else { return }
        sleepers[Int(index)] = nil
        freeSleepers.append(index)
        add(piece, of: host)
    }

    // MARK: Stopping

    /// The process of a context stops: none of its code goes on before it is thawed.
    func freeze(_ host: HostIndex) {
        frozen.insert(host)
        stopped += ready.filter { $0.host == host }
        ready.removeAll { $0.host == host }
    }

    func thaw(_ host: HostIndex) {
        frozen.remove(host)
        ready += stopped.filter { $0.host == host }
        stopped.removeAll { $0.host == host }
    }

    // MARK: Ending

    /// Does any program or function wait for something?
    var isWaiting: Bool { programs.values.contains { $0.isAlive && $0.running != nil } }

    func isAlive(_ host: HostIndex) -> Bool { programs[host]?.isAlive ?? true }

    /// The process of a context is no more: nothing of it runs again, not even what it would do last.
    func end(_ host: HostIndex) {
        programs[host]?.isAlive = false
        ready.removeAll { $0.host == host }
        stopped.removeAll { $0.host == host }
        for thread in threads where thread.host == host { thread.vanish() }
        threads.removeAll { $0.host == host }
    }

    /// The simulation is over. Who comes late is turned away.
    func close() {
        isOpen.store(false, ordering: .releasing)
        StrayTasks.forget(taskNumbers)
        roll.clear()
        for thread in threads { thread.vanish() }
        for thread in idleThreads { thread.vanish() }
        (threads, idleThreads, programs) = ([], [], [:])
        (ready, stopped, requests, alarms, sleepers, taskNumbers) = ([], [], [], [], [], [])
    }

    // MARK: Escapes

    /// What left the simulation first; nil while nothing did. The simulation's thread asks.
    var escape: Escape? {
        guard hasNote.load(ordering: .acquiring), let note = escapes.withLock({ $0 }) else { return nil }
        return Escape(note, at: now)
    }

    /// Did the code that has just run take a way out that is seen where it is taken?
    func findLeak() { if let leak = machine.leak { escaped(leak.kind, leak.what) } }

    /// Something left the simulation. From whatever thread.
    func escaped(_ kind: Escape.Kind, _ what: String) {
        guard isOpen.load(ordering: .acquiring) else { return }
        // Elsewhere it is not known whose doing it was.
        let isHere = SimulatedMachine.userCode === self
        let function = isHere ? programs[host]?.running : nil
        escapes.withLock { if $0 == nil { $0 = Escape.Note(kind: kind, what: what, function: function) } }
        hasNote.store(true, ordering: .releasing)
    }

    /// A task that prefers no executor is this simulation's, so that it is known wherever it turns up, and missed where
    /// it never does again.
    func owns(_ task: UnsafeRawPointer, number: UInt64) {
        guard taskNumbers.count < Self.tasksMax, tasks.insert(number).inserted else { return }
        taskNumbers.append(number)
        StrayTasks.watch(number, of: self)
        unsafe roll.add(task, number: number, of: host, programs[host]?.running, at: now)
    }

    /// The tasks without structure that have not ended and could not go on now: they sleep, which cannot be told from
    /// here, or wait. Those of processes that have ended are gone with them.
    var waitingTasks: [TaskRoll.Entry] {
        var awake: Set<UInt> = []
        for (piece, _) in ready + stopped { if let address = piece.address { awake.insert(address) } }
        return roll.open(besides: awake).filter { isAlive($0.host) }
    }

    /// Is the calling thread one of this simulation's? From whatever thread.
    private func isHere(_ what: @autoclosure () -> String) -> Bool {
        guard isOpen.load(ordering: .acquiring) else { return false }
        if SimulatedMachine.userCode === self { return true }
        escaped(.foreignThread, "\(what()) on a thread that the simulation does not know")
        return false
    }
}

extension UserCode.Piece {
    /// Of the task that it is a piece of; nil for a thread's.
    fileprivate var address: UInt? {
        if case .job(let job, _) = self { UserCode.address(of: job) } else { nil }
    }
}

extension UserCode.Lane {
    fileprivate var isMain: Bool {
        if case .main = self { true } else { false }
    }
}
