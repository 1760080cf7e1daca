import MitoCore
import MitoLinux
import Mitoscope

/// What a sanitizer has to find. Without one nobody notices.
enum Defects {
    static let all = [race, overflow]

    /// Two threads count at once.
    static let race = ValueFunction(
        "little.race",
        .blocking { _, _ in
            let threads = try (0..<2).map { _ in try Thread("racer") { for _ in 0..<1000 { count += 1 } } }
            for thread in threads { thread.join() }
            return .none
        })

    /// Writes behind the end of its memory.
    static let overflow = ValueFunction(
        "little.overflow",
        .blocking { _, _ in
            let cell = UnsafeMutablePointer<Int>.allocate(capacity: 1)
            defer { cell.deallocate() }
            cell[1] = 1
            return .none
        })

    nonisolated(unsafe) private static var count = 0
}
