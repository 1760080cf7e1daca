public import MitoCore
import Synchronization

/// One value on its way from whoever has it to the one thread or task that waits for it.
///
/// ```swift
/// let answer = Answer<Int>()
/// world.submit("a sum") { _, _, _ in answer.give(42) }
/// print(world.wait(for: answer))                  // in a task: await answer.wait()
/// ```
public final class Answer<Value: Sendable>: Sendable {
    private enum State {
        case none
        case blocking(any Parker)
        case suspending(CheckedContinuation<Value, Never>)
        case given(Value)
    }

    private let state = Mutex(State.none)

    public init() {}

    /// Gives the value. Only the first counts: false for any other.
    @discardableResult
    public func give(_ value: Value) -> Bool {
        let before = state.withLock { state in
            defer { if case .given = state {} else { state = .given(value) } }
            return state
        }
        switch before {
        case .none: break
        case .blocking(let parker): parker.unpark()
        case .suspending(let continuation): continuation.resume(returning: value)
        case .given: return false
        }
        return true
    }

    /// The value, once it was given.
    public var value: Value? { state.withLock { if case .given(let value) = $0 { value } else { nil } } }

    /// Blocks this thread until the value is there.
    public func wait() -> Value {
        while true {
            if let value = wait(timeout: nil) { return value }
        }
    }

    /// Blocks this thread until the value is there, or for `timeout`: nil.
    public func wait(timeout: Duration?) -> Value? { wait(timeout: timeout, with: Parkers.current) }

    /// Blocks this thread, whose parker that must be, until the value is there, or for `timeout`: nil.
    func wait(timeout: Duration?, with parker: any Parker) -> Value? {
        while true {
            let value: Value? = state.withLock { state in
                if case .given(let value) = state { return value }
                state = .blocking(parker)
                return nil
            }
            if let value { return value }
            if !parker.park(timeout: timeout), timeout != nil { return self.value }
        }
    }

    /// Suspends this task until the value is there.
    public func wait() async -> Value {
        await withCheckedContinuation { continuation in
            let value: Value? = state.withLock { state in
                if case .given(let value) = state { return value }
                state = .suspending(continuation)
                return nil
            }
            if let value { continuation.resume(returning: value) }
        }
    }
}

// MARK: Answers that may be a failure

extension Answer {
    /// Suspends this task until there is a result. Past `timeout`, or when this task is cancelled, that is the result:
    /// whoever comes later has `give` tell them so.
    func result<Success>(timeout: Duration?) async throws(MitoscopeError) -> Success
    where Value == Result<Success, MitoscopeError> {
        let result = await withTaskCancellationHandler {
            guard let timeout else { return await wait() }
            return await wait(timeout)
        } onCancel: {
            give(.failure(.abandoned))
        }
        return try result.get()
    }

    /// Blocks this thread until there is a result, which comes from `world`, if anywhere. Past `timeout`, that is the
    /// result.
    func result<Success>(timeout: Duration?, from world: (any World)? = nil) throws(MitoscopeError) -> Success
    where Value == Result<Success, MitoscopeError> {
        Blocking.check()
        let parker = world?.parker ?? Parkers.current
        let result = wait(timeout: timeout, with: parker) ?? .failure(.timedOut)
        // What was given while this thread woke up counts: it must not be lost.
        return try (give(result) ? result : value ?? result).get()
    }

    /// The timer is a child of this task, so that it never outlives it, and runs in the task's own time.
    private func wait<Success>(_ timeout: Duration) async -> Value
    where Value == Result<Success, MitoscopeError> {
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                let isOver = (try? await Task.sleep(for: .nanoseconds(timeout.nanoseconds))) != nil
                if isOver { self.give(.failure(.timedOut)) }
            }
            let value = await wait()
            group.cancelAll()
            return value
        }
    }
}

/// Threads that may wait.
enum Blocking {
    /// Traps where blocking would keep a task's executor from running what is waited for.
    static func check() {
        // A release build says so too: it would drop a precondition's text.
        guard unsafe withUnsafeCurrentTask(body: { unsafe $0 == nil }) else {
            fatalError("a blocking call inside a task would starve its executor: await the async form instead")
        }
    }
}
