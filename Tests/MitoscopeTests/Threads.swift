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

    func perform(_ command: Command, as id: CommandID, completion: @escaping Completion) {
        Thread.detachNewThread { [world] in world.perform(command, as: id, completion: completion) }
    }

    func cancel(_ id: CommandID) { world.cancel(id) }
}
