import Glibc
import MitoCore
import Mitoscope

/// Functions that do not come back.
enum Endings {
    static let all = [trap, leave, die, stray, stuck]

    /// Traps, as an index out of range does.
    static let trap = ValueFunction(
        "little.trap",
        .blocking { _, call in
            let numbers = [1, 2, 3]
            return .int(Int64(numbers[call.arguments.count + 3]))
        })

    /// `leave(status)` says so, without an end of the line, and ends the process.
    static let leave = ValueFunction(
        "little.leave",
        .blocking { _, call in
            guard case .int(let status)? = call.arguments.first else { return .none }
            say("leaving", on: 2)
            exit(Int32(status))
        })

    /// `die(signal)` says so and has the system end the process.
    static let die = ValueFunction(
        "little.die",
        .blocking { _, call in
            guard case .int(let signal)? = call.arguments.first else { return .none }
            say("dying\n", on: 2)
            kill(getpid(), Int32(signal))
            while true { pause() }
        })

    /// Writes where nothing is.
    static let stray = ValueFunction(
        "little.stray",
        .blocking { _, _ in
            UnsafeMutablePointer<Int>(bitPattern: 8)?.pointee = 1
            return .none
        })

    /// Holds its context's thread for functions for ever.
    static let stuck = ValueFunction("little.stuck", .blocking { _, _ in while true { pause() } })
}
