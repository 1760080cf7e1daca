import CMitoSimulator
import MitoCore
import Mitoscope
import Synchronization

/// A thread for code that blocks. It runs only while it has the simulation's baton, and hands it back whenever it
/// parks, so that of all threads of a simulation one runs at a time.
final class BatonThread: Parker {
    private enum Holder {
        case simulation, thread
        /// The thread will never have it again.
        case nobody
    }

    private struct State {
        var holder = Holder.simulation
        var host: HostIndex = 0
        var body: (@Sendable () -> Void)?
        /// Counts how often it parked.
        var ticket: UInt64 = 0
        var isParked = false
        var isUnparked = false
        /// How each of the two really waits for the baton; the thread's is known once it has begun.
        var simulationParker: (any Parker)?
        var threadParker: (any Parker)?
        var number: Int32 = 0
    }

    private let userCode: UserCode
    private let state = Mutex(State())

    /// A thread that waits for a body.
    init(_ userCode: UserCode) throws(MitoscopeError) {
        self.userCode = userCode
        try startThread { self.run() }
    }

    /// The context whose code it runs.
    var host: HostIndex { state.withLock { $0.host } }

    // MARK: The simulation's side

    /// Makes it run `body` when its turn comes.
    func begin(in host: HostIndex, _ body: @escaping @Sendable () -> Void) {
        let ticket = state.withLock { state in
            (state.host, state.body, state.isParked, state.isUnparked) = (host, body, true, false)
            state.ticket += 1
            return state.ticket
        }
        userCode.add(.thread(self, ticket: ticket), of: host)
    }

    /// Hands the baton over and waits until it is back.
    func goOn(_ ticket: UInt64) {
        let own = Parkers.current
        let start: (other: (any Parker)?, number: Int32)? = state.withLock { state in
            guard state.isParked, state.ticket == ticket, state.holder == .simulation else { return nil }
            (state.holder, state.simulationParker, state.isParked) = (.thread, own, false)
            return (state.threadParker, state.number)
        }
        guard let start else { return }
        userCode.pulse.runs(on: start.number)
        start.other?.unpark()
        while state.withLock({ $0.holder == .thread }) { own.park(timeout: nil) }
        userCode.pulse.runs(on: nil)
    }

    /// Ends the thread where it parks; as in a crash, nothing of its code runs any more.
    func vanish() {
        let parker = state.withLock { state in
            state.holder = .nobody
            state.body = nil
            return state.threadParker
        }
        parker?.unpark()
    }

    // MARK: The thread's side

    private func run() {
        let own = Parkers.current
        let number = mito_thread_number()
        state.withLock { ($0.threadParker, $0.number) = (own, number) }
        userCode.machine.enter {
            Parkers.with(self) {
                while awaitBaton(own), let body = state.withLock({ $0.body.take() }) {
                    userCode.pulse.runs(on: number)
                    body()
                    userCode.retire(self)
                    handBack()
                }
            }
        }
    }

    func park(timeout: MitoCore.Duration?) -> Bool {
        let parked: (ticket: UInt64, host: HostIndex, parker: (any Parker)?)? = state.withLock { state in
            if state.isUnparked {
                state.isUnparked = false
                return nil
            }
            state.ticket += 1
            state.isParked = true
            return (state.ticket, state.host, state.threadParker)
        }
        guard let parked else { return true }
        guard let parker = parked.parker else { preconditionFailure("a thread that parks has begun") }
        if let timeout {
            userCode.add(
                .thread(self, ticket: parked.ticket), of: parked.host, at: userCode.time(of: parked.host) + timeout)
        }
        handBack()
        guard awaitBaton(parker) else { mito_thread_vanish() }
        return state.withLock { state in
            defer { state.isUnparked = false }
            return state.isUnparked
        }
    }

    func unpark() {
        let parked: (ticket: UInt64, host: HostIndex)? = state.withLock { state in
            guard !state.isUnparked, state.holder != .nobody else { return nil }
            state.isUnparked = true
            return state.isParked ? (state.ticket, state.host) : nil
        }
        if let parked { userCode.add(.thread(self, ticket: parked.ticket), of: parked.host) }
    }

    private func handBack() {
        let parker = state.withLock { state in
            if state.holder == .thread { state.holder = .simulation }
            return state.simulationParker
        }
        parker?.unpark()
    }

    /// False when it will never have it.
    private func awaitBaton(_ own: any Parker) -> Bool {
        while true {
            switch state.withLock({ $0.holder }) {
            case .thread: return true
            case .nobody: return false
            case .simulation: own.park(timeout: nil)
            }
        }
    }
}

// MARK: Threads of the system

/// Runs `body` on a thread of its own. Fails as `.stream` when the system has none left.
func startThread(_ body: @escaping @Sendable () -> Void) throws(MitoscopeError) {
    let start = unsafe Unmanaged.passRetained(ThreadStart(body))
    let code = unsafe mito_thread_start(
        { argument in
            guard let argument = unsafe argument else { return }
            unsafe Unmanaged<ThreadStart>.fromOpaque(argument).takeRetainedValue().body()
        }, start.toOpaque())
    guard code != 0 else { return }
    unsafe start.release()
    throw MitoscopeError(.stream, "there is no thread left for blocking code: error \(code)")
}

private final class ThreadStart: Sendable {
    let body: @Sendable () -> Void

    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
}
