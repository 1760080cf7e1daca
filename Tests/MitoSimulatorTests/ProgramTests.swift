import MitoCore
import MitoLinks
import MitoSimulator
import Mitoscope
import Testing

/// Programs written for processes, in a simulation.
@Suite struct ProgramTests {
    @Test func `a program gets its result`() throws {
        let run = try withSimulatedRouter(seed: 1, functions: BuiltInFunctions.all) { router in
            try await router.local(name: "web").call("echo", ["hello"])
        }
        #expect(run.result == "hello")
    }

    @Test func `a blocking program gets its result`() throws {
        let run = try withSimulatedRouter(seed: 1, functions: BuiltInFunctions.all, blocking: { router in
            try router.local(name: "web").call("echo", ["hello"])
        })
        #expect(run.result == "hello")
    }

    @Test func `an hour of sleep is over at once and counts as an hour`() throws {
        let run = try withSimulatedRouter(seed: 1, functions: []) { _ in
            let began = ContinuousClock.now
            try await Task.sleep(for: .seconds(3600))
            return ContinuousClock.now - began
        }
        #expect(run.result == .seconds(3600))
        #expect(run.duration >= .seconds(3600))
    }

    @Test func `a time-out of a blocking wait is one of the simulation's clock`() throws {
        let run = try withSimulatedRouter(seed: 1, functions: [], blocking: { _ in
            Parkers.current.park(timeout: .seconds(60))
        })
        #expect(run.result == false)
        #expect(run.duration == .seconds(60))
    }

    @Test func `what the program throws comes out`() {
        #expect(throws: CancellationError.self) {
            try withSimulatedRouter(seed: 1, functions: []) { _ in throw CancellationError() }
        }
    }

    @Test func `a program that waits for ever is a hang, and it says for what`() throws {
        let hang = #expect(throws: Hang.self) {
            try withSimulatedRouter(seed: 1, functions: BuiltInFunctions.all) { router in
                try await router.local(name: "web").call("hang")
            }
        }
        #expect(hang?.description.contains("master (the program) waits for call 1 hang") == true)
    }

    @Test func `a program that never ends is stopped at its limit`() {
        var limits = SimulationLimits()
        limits.duration = .seconds(60)
        #expect(throws: TimeLimitReached.self) {
            try withSimulatedRouter(seed: 1, functions: [], limits: limits) { _ in
                while true { try await Task.sleep(for: .seconds(1)) }
            }
        }
    }

    @Test func `a program that never lets time go on is a livelock`() {
        var limits = SimulationLimits()
        limits.eventsPerInstantMax = 10_000
        #expect(throws: Livelock.self) {
            try withSimulatedRouter(seed: 1, functions: [], limits: limits) { _ in while true { await Task.yield() } }
        }
    }

    @Test func `other seeds are other orders`() throws {
        let orders = try (1...10).map { seed in
            try withSimulatedRouter(seed: seed, functions: []) { _ in
                await withTaskGroup(of: Int.self) { group in
                    for number in 1...4 { group.addTask { number } }
                    return await group.reduce(into: []) { $0.append($1) }
                }
            }.result
        }
        #expect(Set(orders).count > 1)
    }

    @Test func `a lost update between two tasks of an actor is found by some seed`() throws {
        let totals = try (1...20).map { seed in
            try withSimulatedRouter(seed: seed, functions: []) { _ in
                let counter = Counter()
                async let one: Void = counter.increment()
                async let other: Void = counter.increment()
                _ = await (one, other)
                return await counter.value
            }.result
        }
        #expect(Set(totals) == [1, 2])
    }
}

private actor Counter {
    private(set) var value = 0

    func set(_ value: Int) { self.value = value }

    /// Wrong: the value may change while this task looks elsewhere.
    nonisolated func increment() async {
        let value = await value
        await set(value + 1)
    }
}
