import Foundation
import MitoCore
@testable import MitoSimulator
import Mitoscope
import Synchronization
import Testing

/// What no simulation can hold is seen, and said.
@Suite struct EscapeTests {
    @Test func `a continuation that a foreign thread resumes is an escape`() {
        #expect(
            escape { _ in
                await withCheckedContinuation { continuation in
                    outsider.run { continuation.resume() }
                }
            }?.kind == .foreignThread)
    }

    @Test func `so is a continuation of the main actor, and of a task without structure`() {
        #expect(
            escape { _ in
                await Task { @MainActor in
                    await withCheckedContinuation { continuation in
                        outsider.run { continuation.resume() }
                    }
                }.value
            }?.kind == .foreignThread)
        #expect(
            escape { _ in
                await Task.detached {
                    await withCheckedContinuation { continuation in
                        outsider.run { continuation.resume() }
                    }
                }.value
            }?.kind == .foreignThread)
    }

    @Test func `a thread that user code makes is an escape, even when it is quick`() {
        #expect(
            escape { _ in
                Thread.detachNewThread {}
                try await Task.sleep(for: .seconds(1))
            }?.kind == .newThread)
    }

    @Test func `so is one of an actor`() {
        #expect(escape { _ in await Lonely().wait() }?.kind == .foreignThread)
    }

    @Test func `a router that a foreign thread asks is an escape`() {
        let escape = escape(functions: BuiltInFunctions.all) { router in
            outsider.run { _ = try? router.local() }
            try await router.local().call("hang")
        }
        #expect(escape?.kind == .foreignThread)
        #expect(escape?.what.contains("a command") == true)
    }

    @Test func `work for a dispatch queue is an escape`() {
        let dispatch = RemoteFunction("test.dispatch", .inline) { () -> Void in DispatchQueue.global().async {} }
        let escape = escape(functions: [dispatch]) { router in
            try await router.local().call(dispatch)
            try await Task.sleep(for: .seconds(1))
        }
        #expect(escape?.kind == .dispatchQueue)
    }

    @Test func `a clock that the simulation does not move is an escape`() {
        let userCode = UserCode(seed: 1)
        #expect(userCode.machine.enter { userCode.end(of: .seconds(1), on: StoppedClock()) } == nil)
        #expect(userCode.escape?.kind == .unknownClock)
        #expect(userCode.escape?.what.contains("StoppedClock") == true)
    }

    @Test func `a dispatch queue is nobody's business in the real world`() async {
        #expect(
            await withCheckedContinuation { continuation in
                DispatchQueue.global().async { continuation.resume(returning: 42) }
            } == 42)
    }

    @Test func `two runs of one seed that differ are an escape, and it says where`() throws {
        let runs = Mutex(0)
        let escape = #expect(throws: Escape.self) {
            try withSimulatedRouterTwice(seed: 1, functions: BuiltInFunctions.all) { router in
                let run = runs.withLock { runs in
                    runs += 1
                    return runs
                }
                return try await router.local(name: "web").call("echo", [.int(Int64(run))])
            }
        }
        #expect(escape?.kind == .twoRuns)
        #expect(escape?.what.contains("in 0 the first time") == true, "\(escape?.what ?? "")")
    }

    @Test func `two runs of one seed that differ only in the order of tasks are an escape too`() throws {
        let runs = Mutex(0)
        let escape = #expect(throws: Escape.self) {
            try withSimulatedRouterTwice(seed: 1, functions: []) { _ in
                let isSecond = runs.withLock { runs in
                    runs += 1
                    return runs == 2
                }
                if isSecond { await Task.yield() }
            }
        }
        #expect(escape?.kind == .twoRuns)
    }

    @Test func `a function that blocks its thread outside is found and named`() {
        let stuck = RemoteFunction("test.stuck") { () -> Void in block() }
        let escape = escape(functions: [stuck], patience: .milliseconds(200)) { router in
            _ = try await router.local().call(stuck)
        }
        #expect(escape?.kind == .blockedThread)
        #expect(escape?.function == "test.stuck")
    }

    @Test func `a task that blocks the simulation's own thread is found and named`() {
        let escape = escape(patience: .milliseconds(200)) { _ in block() }
        #expect(escape?.kind == .blockedThread)
        #expect(escape?.function == "the program")
    }
}

/// A thread that was there before any simulation, and does what it is told.
private final class Outsider: Sendable {
    private let work = Mutex<[@Sendable () -> Void]>([])

    init() {
        Thread.detachNewThread { [self] in
            while true {
                let next = work.withLock { $0.popLast() }
                next?()
                usleep(1000)
            }
        }
    }

    func run(_ body: @escaping @Sendable () -> Void) { work.withLock { $0.append(body) } }
}

private let outsider = Outsider()

/// Waits in itself, for a task that prefers no executor.
private actor Lonely {
    func wait() async {
        await Task.detached { await self.resumeElsewhere() }.value
    }

    private func resumeElsewhere() async {
        await withCheckedContinuation { continuation in outsider.run { continuation.resume() } }
    }
}

private func block() { DispatchSemaphore(value: 0).wait() }

/// The escape that ends a run of `body`; nil when it ends in any other way.
private func escape(
    functions: [any ImageFunction] = [], patience: MitoCore.Duration = .seconds(60),
    _ body: @escaping @Sendable (Router) async throws -> Void
) -> Escape? {
    // Made inside, its thread would be an escape of its own.
    _ = outsider
    do {
        var limits = SimulationLimits()
        limits.patience = patience
        _ = try withSimulatedRouter(seed: 1, functions: functions, limits: limits, body)
        return nil
    } catch {
        return error as? Escape
    }
}

/// A clock that some later library may have.
private struct StoppedClock: Clock {
    struct Instant: InstantProtocol {
        var seconds: Int

        static var distantFuture: Instant { Instant(seconds: .max) }
        static func < (a: Instant, b: Instant) -> Bool { a.seconds < b.seconds }
        func advanced(by duration: Swift.Duration) -> Instant { self }
        func duration(to other: Instant) -> Swift.Duration { .seconds(1) }
    }

    var now: Instant { Instant(seconds: 0) }
    var minimumResolution: Swift.Duration { .seconds(1) }

    func sleep(until deadline: Instant, tolerance: Swift.Duration?) async throws {}
}
