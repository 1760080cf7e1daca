import Glibc
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
        let run = try withSimulatedRouter(
            seed: 1, functions: BuiltInFunctions.all,
            blocking: { router in
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
        let run = try withSimulatedRouter(
            seed: 1, functions: [],
            blocking: { _ in
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

    @Test func `who still waits at the limit is named`() throws {
        var limits = SimulationLimits()
        limits.duration = .seconds(60)
        let late = try #require(throws: TimeLimitReached.self) {
            try withSimulatedRouter(seed: 1, functions: BuiltInFunctions.all, limits: limits) { router in
                let web = try await router.local(name: "web")
                async let nothing = web.call("hang")
                while true { try await Task.sleep(for: .seconds(1)) }
                _ = try await nothing
            }
        }
        #expect("\(late)".hasPrefix("not over after 1min: master (the program) waits for call 1 hang"), "\(late)")
    }

    @Test func `a program that never lets time go on is a livelock`() {
        var limits = SimulationLimits()
        limits.eventsPerInstantMax = 10_000
        #expect(throws: Livelock.self) {
            try withSimulatedRouter(seed: 1, functions: [], limits: limits) { _ in while true { await Task.yield() } }
        }
    }

    @Test func `clocks and chance of the C library are the simulation's too`() throws {
        func look() throws -> [Int64] {
            try withSimulatedRouter(seed: 7, functions: []) { _ in
                try await Task.sleep(for: .seconds(5))
                var uptime = timespec()
                clock_gettime(CLOCK_MONOTONIC, &uptime)
                return [Int64(time(nil)), Int64(uptime.tv_sec), .random(in: 0...Int64.max), Int64(arc4random())]
            }.result
        }
        let first = try look()
        #expect(first[0] == 1_704_067_205 && first[1] == 1005)
        #expect(try look() == first)
        #expect(Int64(time(nil)) > 1_704_067_205 + 86_400)
    }

    @Test func `the main actor is one, and knows it`() throws {
        let run = try withSimulatedRouter(seed: 1, functions: []) { _ in
            await MainActor.run {
                MainActor.preconditionIsolated()
                return MainActor.assumeIsolated { 42 }
            }
        }
        #expect(run.result == 42)
    }

    @Test func `functions that block and functions that suspend call on, each from its context`() throws {
        let suspend = RemoteFunction("test.suspend") { (context: CallContext, depth: Int) async throws -> String in
            guard depth > 0 else { return context.name }
            let deeper = try await context.router.local(name: "\(context.name)a")
            return try await deeper.call("test.block", [.int(Int64(depth - 1))]).text
        }
        let block = RemoteFunction("test.block") { (context: CallContext, depth: Int) throws -> String in
            guard depth > 0 else { return context.name }
            let deeper = try context.router.local(name: "\(context.name)b")
            return try deeper.call("test.suspend", [.int(Int64(depth - 1))]).text
        }
        let run = try withSimulatedRouter(seed: 1, functions: [suspend, block]) { router in
            try await router.local(name: "x").call(suspend, 4)
        }
        #expect(run.result == "xabab")
    }

    @Test func `two programs at once do not meet`() async throws {
        let results = try await withThrowingTaskGroup(of: Int64.self) { group in
            for number in 1...4 {
                group.addTask {
                    try withSimulatedRouter(seed: 1, functions: []) { _ in
                        try await Task.sleep(for: .seconds(number))
                        return Int64(time(nil)) - 1_704_067_200
                    }.result
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(results.sorted() == [1, 2, 3, 4])
    }

    @Test func `what is expected in a program counts for its test`() {
        withKnownIssue {
            _ = try withSimulatedRouter(seed: 1, functions: []) { _ in
                try await Task.sleep(for: .seconds(1))
                #expect(Bool(false), "this is meant to fail")
            }
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

extension Value {
    fileprivate var text: String {
        if case .text(let text) = self { text.string } else { "\(self)" }
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
