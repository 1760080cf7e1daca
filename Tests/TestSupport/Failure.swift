package import Mitoscope

/// The error that the body must throw.
package func failure(_ body: () async throws -> Void) async -> MitoscopeError? {
    do {
        try await body()
        return nil
    } catch {
        return error as? MitoscopeError
    }
}
