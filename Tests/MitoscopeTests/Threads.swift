import Foundation
import MitoCore
import Mitoscope

/// Runs `body` on a thread that no task owns.
func onThread<R: Sendable>(_ body: @escaping @Sendable () throws(MitoscopeError) -> R) async throws -> R {
    try await withCheckedThrowingContinuation { continuation in
        Thread.detachNewThread { continuation.resume(with: Result(catching: body)) }
    }
}

/// A world that answers from a thread of its own, as real ones do.
final class LateWorld: World {
    private let world = PumpWorld()

    func submit(_ label: StaticString, _ job: @escaping Work) -> Bool {
        Thread.detachNewThread { [world] in _ = world.submit(label, job) }
        return true
    }

    var now: Instant { world.now }
}
