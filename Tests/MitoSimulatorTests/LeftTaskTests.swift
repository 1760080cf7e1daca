import MitoCore
import MitoSimulator
import Mitoscope
import Testing

/// Tasks that nobody waits for and nobody resumes.
@Suite struct LeftTaskTests {
    @Test func `a task whose continuation nobody resumes is named`() throws {
        let run = try withSimulatedRouter(seed: 1, functions: []) { _ in
            try await Task.sleep(for: .milliseconds(12))
            Task { await wait() }
            try await Task.sleep(for: .seconds(1))
        }
        #expect(run.remains == [Remains(.task, "a task that the program began at 12ms")])
    }

    @Test func `tasks that have ended, held or not, are not`() throws {
        let run = try withSimulatedRouter(seed: 1, functions: []) { _ in
            let held = (0..<100).map { number in Task { number } }
            for task in held { _ = await task.value }
            Task { await Box().fill() }
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<3 { group.addTask { await Task.yield() } }
            }
            async let late: Void = Task.sleep(for: .milliseconds(1))
            try await late
            try await Task.sleep(for: .seconds(1))
            return held.count
        }
        #expect(run.remains == [] && run.result == 100)
    }

    @Test func `a task that would sleep on is named, and one that could go on is not`() throws {
        let run = try withSimulatedRouter(seed: 1, functions: []) { _ in
            Task { try await Task.sleep(for: .seconds(1_000)) }
            try await Task.sleep(for: .seconds(1))
            Task {}
        }
        #expect(run.remains.map(\.what) == ["a task that the program began at 0s"])
    }

    @Test func `a detached task that waits behind a task group is found, its children are not counted`() throws {
        let run = try withSimulatedRouter(seed: 1, functions: []) { _ in
            Task.detached {
                await withTaskGroup(of: Void.self) { group in
                    for _ in 0..<3 { group.addTask { await wait() } }
                }
            }
            try await Task.sleep(for: .seconds(1))
        }
        #expect(run.remains.count == 1)
    }

    @Test func `a task of the main actor that waits is found`() throws {
        let run = try withSimulatedRouter(seed: 1, functions: []) { _ in
            Task { @MainActor in await wait() }
            try await Task.sleep(for: .seconds(1))
        }
        #expect(run.remains.count == 1)
    }

    @Test func `a task goes with the process of its context`() throws {
        let leave = RemoteFunction("test.leave") { () async -> Bool in
            Task { await wait() }
            await Task.yield()
            return true
        }
        let grove = Grove(functions: [leave])
        let web = grove.grow("web")
        grove.call("test.leave", on: web)
        grove.run()
        #expect(grove.simulation.remains.contains { $0.kind == .task && $0.context == web })
        grove.simulation.kill(web)
        grove.run()
        #expect(!grove.simulation.remains.contains { $0.kind == .task })
    }

    @Test func `a hang names the tasks that were left`() {
        let hang = #expect(throws: Hang.self) {
            try withSimulatedRouter(seed: 1, functions: []) { _ in
                let task = Task { await wait() }
                await task.value
            }
        }
        #expect(hang?.tasks.count == 1)
        #expect(hang.map { "\($0)" }?.hasSuffix("a task that the program began at 0s has not ended") == true)
    }
}

private func wait() async { await withUnsafeContinuation { (_: UnsafeContinuation<Void, Never>) in } }

private actor Box {
    private var isFull = false

    func fill() async {
        await Task.yield()
        isFull = true
    }
}
