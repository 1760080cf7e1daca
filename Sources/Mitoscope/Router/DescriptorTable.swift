import MitoCore

/// Who waits for which descriptor of the process. A world that can watch descriptors says so, and is told which ones to
/// watch; in any other, whoever waits is told that it cannot.
///
/// ```swift
/// desk.descriptors.isServed = true                // once
/// for number in desk.descriptors.takeChanged() { watch(number, for: desk.descriptors.interest(in: number)) }
/// desk.descriptors.became(readable: true, writable: false, number)
/// ```
public struct DescriptorTable: Sendable {
    private struct Waiting {
        let id: CommandID
        let number: Int32
        let use: DescriptorUse
        let completion: Desk.Completion
    }

    /// Does the world watch descriptors?
    public var isServed = false
    /// In the order of asking.
    private var waiting: [Waiting] = []
    private var changed: [Int32] = []

    /// For what a descriptor is to be watched; for neither when nobody waits.
    public func interest(in number: Int32) -> (reads: Bool, writes: Bool) {
        let uses = waiting.filter { $0.number == number }.map(\.use)
        return (uses.contains(.reading), uses.contains(.writing))
    }

    /// The descriptors for which the interest may have changed since the last look.
    public mutating func takeChanged() -> [Int32] {
        defer { changed = [] }
        return changed
    }

    /// A descriptor can do something now: whoever waited for that goes on.
    public mutating func became(readable: Bool, writable: Bool, _ number: Int32) {
        end(.success(.none)) { $0.number == number && ($0.use == .reading ? readable : writable) }
    }

    /// A descriptor cannot be watched.
    public mutating func failed(_ number: Int32, because reason: String) {
        end(.failure(MitoscopeError(.usage, "descriptor \(number) cannot be watched: \(reason)"))) {
            $0.number == number
        }
    }

    mutating func wait(
        for number: Int32, _ use: DescriptorUse, as id: CommandID, _ completion: @escaping Desk.Completion
    ) {
        guard isServed else {
            return completion(.failure(MitoscopeError(.usage, "there are no descriptors in this world")))
        }
        waiting.append(Waiting(id: id, number: number, use: use, completion: completion))
        changed.append(number)
    }

    mutating func cancel(_ id: CommandID) { end(.failure(.abandoned)) { $0.id == id } }

    mutating func end() { end(.failure(.ended)) { _ in true } }

    private mutating func end(_ result: Result<Value, MitoscopeError>, where isOver: (Waiting) -> Bool) {
        let ended = waiting.filter(isOver)
        guard !ended.isEmpty else { return }
        waiting.removeAll(where: isOver)
        changed += ended.map(\.number)
        for one in ended { one.completion(result) }
    }
}

/// What a descriptor is waited for.
public enum DescriptorUse: Hashable, Sendable {
    /// Something to read, or the end of it.
    case reading
    /// Room to write, or nobody left who reads.
    case writing
}
