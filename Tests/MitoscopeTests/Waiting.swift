import Mitoscope
import Testing

/// Lets others go on until something has become true.
func waitUntil(_ isTrue: () -> Bool) async {
    while !isTrue() { await Task.yield() }
}

/// How `body` fails; nil when it does not, or fails with another error.
func code<R>(_ body: () async throws -> R) async -> MitoscopeError.Code? {
    do {
        _ = try await body()
        return nil
    } catch {
        return (error as? MitoscopeError)?.code
    }
}

/// What `body` says when it fails.
func message<R>(_ body: () async throws -> R) async -> String? {
    do {
        _ = try await body()
        return nil
    } catch {
        return (error as? MitoscopeError)?.message
    }
}

/// How `body` fails on a thread that no task owns.
func codeOnThread<R: Sendable>(
    _ body: @escaping @Sendable () throws(MitoscopeError) -> R
) async -> MitoscopeError.Code? {
    await code { try await onThread(body) }
}

/// What a process that ended on purpose wrote to its stderr.
func said(_ result: ExitTest.Result) -> String { String(decoding: result.standardErrorContent, as: UTF8.self) }
