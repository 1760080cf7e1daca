import Foundation
import MitoCore
import MitoSimulator
import Mitoscope
import Testing

/// What no simulation can hold is seen, and said.
@Suite struct EscapeTests {
    @Test func `a continuation that a foreign thread resumes is an escape`() {
        #expect(escape { _ in
            await withCheckedContinuation { continuation in
                Thread.detachNewThread { continuation.resume() }
            }
        }?.kind == .foreignThread)
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

private func block() { DispatchSemaphore(value: 0).wait() }

/// The escape that ends a run of `body`; nil when it ends in any other way.
private func escape(
    functions: [any ImageFunction] = [], patience: MitoCore.Duration = .seconds(60),
    _ body: @escaping @Sendable (Router) async throws -> Void
) -> Escape? {
    do {
        var limits = SimulationLimits()
        limits.patience = patience
        _ = try withSimulatedRouter(seed: 1, functions: functions, limits: limits, body)
        return nil
    } catch {
        return error as? Escape
    }
}
