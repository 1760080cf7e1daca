import Glibc
import MitoCore
import Mitoscope
import Synchronization

/// Functions that do not come back.
enum Endings {
    static let all = [trap, leave, die, stray, stuck, mutter, detach, dawdle, linger]

    /// Traps, as an index out of range does.
    static let trap = ValueFunction(
        "little.trap",
        .blocking { _, call in
            let numbers = [1, 2, 3]
            return .int(Int64(numbers[call.arguments.count + 3]))
        })

    /// `leave(status, pause)` says so, without an end of the line, and ends the process after so many milliseconds.
    static let leave = ValueFunction(
        "little.leave",
        .blocking { _, call in
            guard case .int(let status)? = call.arguments.first else { return .none }
            say("leaving", on: 2)
            if case .int(let pause)? = call.arguments.dropFirst().first { usleep(UInt32(pause) * 1000) }
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

    /// `mutter(text)` says it as a line on stderr, and does not return.
    static let mutter = ValueFunction(
        "little.mutter",
        .blocking { _, call in
            say("\(call.arguments.first?.string ?? "")\n", on: 2)
            while true { pause() }
        })

    /// `detach(path)` leaves the parent, starts a child of its own, writes what it is to a new file, and ends with its
    /// tree when that file is gone. `detach(path, true)` writes what comes of leaving twice.
    static let detach = ValueFunction(
        "little.detach",
        .async { context, call in
            let path = call.arguments.first?.string ?? ""
            try await context.detach()
            let word: String
            if call.arguments.count > 1 {
                do { try await context.detach(); word = "" } catch { word = "\(error)" }
            } else {
                let helper = try await context.router.local(name: "helper-\(context.identity.name)")
                let answer = try await helper.call("echo", ["hello"]).string ?? ""
                word = "the helper says \(answer)"
            }
            guard let file = fopen(path, "w") else { return .none }
            fputs("\(word)\n", file)
            fclose(file)
            while access(path, F_OK) == 0 { try await Task.sleep(nanoseconds: 2_000_000) }
            try await context.router.shutdown()
            return .none
        })

    /// Holds the broker's loop up for a moment.
    static let dawdle = ValueFunction(
        "little.dawdle",
        .inline { _, _ in
            usleep(100_000)
            return .none
        })

    /// `linger(path)` lets its process take its time to exit, and make a folder there at last.
    static let linger = ValueFunction(
        "little.linger",
        .blocking { _, call in
            lastFolder.withLock { $0 = call.arguments.first?.string ?? "" }
            atexit {
                usleep(400_000)
                mkdir(lastFolder.withLock { $0 }, 0o700)
            }
            return .none
        })

    private static let lastFolder = Mutex("")

    /// Holds its context's thread for functions for ever.
    static let stuck = ValueFunction("little.stuck", .blocking { _, _ in while true { pause() } })
}
