public import MitoCore

/// A descriptor of the process, as something to wait for: an async sequence with an element for each time that it is
/// ready. Nothing is watched but while somebody waits.
///
/// ```swift
/// for try await _ in broker.readable(socket) {
///     guard let bytes = readSome(from: socket) else { break }      // the end
/// }
/// ```
///
/// The descriptor is the caller's: it must stay open while somebody waits for it.
public struct DescriptorReadiness: Sendable {
    let world: any World
    let number: Int32
    let use: DescriptorUse

    /// Suspends this task until the descriptor is ready, which it may be at once.
    ///
    /// - Throws: `.usage` when it cannot be watched, as a file cannot, or when this world has no descriptors;
    ///   `.timeout`, `.cancelled`, and `.shutdown` when the context ends.
    public func wait(timeout: Duration? = nil) async throws(MitoscopeError) {
        let (id, answer) = begin()
        do throws(MitoscopeError) {
            _ = try await answer.result(timeout: timeout)
        } catch {
            world.cancel(id)
            throw error
        }
    }

    /// Blocks this thread until the descriptor is ready; fails as the async form does.
    public func wait(timeout: Duration? = nil) throws(MitoscopeError) {
        let (id, answer) = begin()
        do throws(MitoscopeError) {
            _ = try answer.result(timeout: timeout, from: world)
        } catch {
            world.cancel(id)
            throw error
        }
    }

    private func begin() -> (CommandID, Answer<Result<Value, MitoscopeError>>) {
        let answer = Answer<Result<Value, MitoscopeError>>()
        let id = CommandID.next()
        let isTaken = world.submit("the wait for a descriptor") { [number, use] _, desk, _ in
            desk.descriptors.wait(for: number, use, as: id) { answer.give($0) }
        }
        if !isTaken { answer.give(.failure(.ended)) }
        return (id, answer)
    }
}

extension DescriptorReadiness: AsyncSequence {
    public func makeAsyncIterator() -> Iterator { Iterator(readiness: self) }

    /// One pass, which ends with the context.
    public struct Iterator: AsyncIteratorProtocol {
        let readiness: DescriptorReadiness

        public mutating func next(
            isolation actor: isolated (any Actor)? = #isolation
        ) async throws(MitoscopeError) -> Void? {
            do throws(MitoscopeError) {
                return try await readiness.wait()
            } catch {
                guard error.code == .shutdown else { throw error }
                return nil
            }
        }
    }
}

extension World {
    /// A descriptor to be read from, as something to wait for.
    public func readable(_ number: Int32) -> DescriptorReadiness {
        DescriptorReadiness(world: self, number: number, use: .reading)
    }

    /// A descriptor to be written to, as something to wait for.
    public func writable(_ number: Int32) -> DescriptorReadiness {
        DescriptorReadiness(world: self, number: number, use: .writing)
    }
}
