import Foundation
import MitoCore
import Synchronization

@testable import Mitoscope

/// A tree whose functions are the program's own code: agents wired back to back, with one thread that takes all their
/// turns, for as long as the tests run. Time is virtual, and passes only while every function waits for an answer.
///
/// ```swift
/// let town = Town(children: 1, functions: [add])
/// #expect(try await town.context(1).call(add, 2, 3) == 5)
/// ```
final class Town: Sendable {
    private struct State {
        var pump: Pump
        var jobs: [(agent: Int, job: World.Work)] = []
        /// The contexts in which a function is at work.
        var busy: Set<Int> = []
        /// One for each context: equal routers are one.
        var routers: [Int: Router] = [:]
    }

    private let state: Mutex<State>
    private let wakeUp = DispatchSemaphore(value: 0)

    /// A root and `children` contexts below it, all up.
    init(children: Int, functions: [any ImageFunction]) {
        state = Mutex(State(pump: Pump(children: children, functions: BuiltInFunctions.all + functions)))
        Thread.detachNewThread { self.run() }
    }

    /// The root's router.
    var router: Router { router(of: 0) }

    /// A context below the root, as the root's program knows it.
    func context(_ id: UInt32) -> Context {
        Context(.context(ContextID(id), name: nil), via: nil, router: router)
    }

    var logs: [LogRecord] { state.withLock { $0.pump.logs } }
    var openHandles: [Handle] { state.withLock { $0.pump.agents[0].node.openHandles } }

    // MARK: Turns

    fileprivate func submit(_ job: @escaping World.Work, to agent: Int) -> Bool {
        let hasEnded = state.withLock { state in
            state.jobs.append((agent, job))
            return state.pump.agents[agent].node.hasEnded
        }
        wakeUp.signal()
        return !hasEnded
    }

    fileprivate var now: Instant { state.withLock { $0.pump.now } }

    private func run() {
        while true {
            let (performances, isIdle) = turn()
            for (agent, performance) in performances { perform(performance, of: agent) }
            if isIdle { wakeUp.wait() }
        }
    }

    private func turn() -> (performances: [(agent: Int, performance: Performance)], isIdle: Bool) {
        state.withLock { state in
            let jobs = state.jobs
            state.jobs = []
            for (agent, job) in jobs { state.pump.perform(job, on: agent) }
            let mayWait = jobs.isEmpty && state.busy.allSatisfy { state.pump.desks[$0].count > 0 }
            if mayWait { state.pump.runToNextWake() } else { state.pump.settle() }
            let performances = state.pump.takePerformances()
            state.busy.formUnion(performances.map(\.agent))
            return (performances, jobs.isEmpty && performances.isEmpty && (!mayWait || state.pump.isAsleep))
        }
    }

    private func perform(_ performance: Performance, of agent: Int) {
        let router = router(of: agent)
        switch performance.body {
        case .steps: fatalError("steps are performed by the agent")
        case .inline: end(performance, of: agent, performance.run(router: router))
        case .blocking:
            Thread.detachNewThread { self.end(performance, of: agent, performance.run(router: router)) }
        case .async:
            let task = Task { end(performance, of: agent, await performance.run(router: router)) }
            performance.whenCancelled { task.cancel() }
        }
    }

    private func end(_ performance: Performance, of agent: Int, _ result: Result<Value, FunctionError>) {
        state.withLock { state in
            state.busy.remove(agent)
            state.jobs.append(
                (agent, { agent, _, now in agent.finished(performance.invocation.id, result, at: now) }))
        }
        wakeUp.signal()
    }

    private func router(of agent: Int) -> Router {
        state.withLock { state in
            if let router = state.routers[agent] { return router }
            let router = Router(world: TownWorld(town: self, agent: agent))
            state.routers[agent] = router
            return router
        }
    }
}

/// One context of a town.
private final class TownWorld: World {
    private let town: Town
    private let agent: Int

    init(town: Town, agent: Int) {
        self.town = town
        self.agent = agent
    }

    func submit(_ label: StaticString, _ job: @escaping Work) -> Bool { town.submit(job, to: agent) }
    var now: Instant { town.now }
}
