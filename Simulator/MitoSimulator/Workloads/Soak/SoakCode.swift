import MitoCore
import Mitoscope

/// Code of a program's own for a soak: tasks, groups, actors, cancellation, time-outs and bodies that block. What each
/// returns is known, whatever befalls those whom it asks.
enum SoakCode {
    static let prefix = "soak."
    static let functions: [any ImageFunction] = [ask, race, cancel, tally, count, block]

    /// Asks several contexts at once, none for longer than it may take: how many were asked.
    static let ask = RemoteFunction("soak.ask") {
        (context: CallContext, targets: [Int], milliseconds: Int) async -> Int in
        await withTaskGroup(of: Int.self) { group in
            for target in targets {
                group.addTask {
                    _ = try? await context.peer(target).call("whoami", timeout: .milliseconds(Int64(milliseconds)))
                    return 1
                }
            }
            return await group.reduce(0, +)
        }
    }

    /// Waits for a context or for some time, and gives up the other: one.
    static let race = RemoteFunction("soak.race") {
        (context: CallContext, target: Int, milliseconds: Int) async -> Int in
        await withTaskGroup(of: Void.self) { group in
            group.addTask { _ = try? await context.peer(target).call("sleep", ["2s"]) }
            group.addTask { await pause(.milliseconds(Int64(milliseconds))) }
            await group.next()
            group.cancelAll()
            await group.waitForAll()
            return 1
        }
    }

    /// Begins tasks that nothing holds together, and cancels each: how many heard of it.
    static let cancel = RemoteFunction("soak.cancel") { (count: Int) async -> Int in
        let tasks = (0..<count).map { number in
            Task {
                await pause(.seconds(100 + Int64(number)))
                return Task.isCancelled ? 1 : 0
            }
        }
        await Task.yield()
        for task in tasks { task.cancel() }
        var sum = 0
        for task in tasks { sum += await task.value }
        return sum
    }

    /// Lets several tasks add to one sum: how many did.
    static let tally = RemoteFunction("soak.tally") { (count: Int) async -> Int in
        let sum = Sum()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<count {
                group.addTask {
                    await Task.yield()
                    await sum.add(1)
                }
            }
        }
        return await sum.value
    }

    /// Streams from one task to another: how many came.
    static let count = RemoteFunction("soak.count") { (count: Int) async -> Int in
        let (stream, source) = AsyncStream<Int>.makeStream()
        async let sum = stream.reduce(0) { sum, _ in sum + 1 }
        for number in 0..<count {
            source.yield(number)
            if number.isMultiple(of: 3) { await pause(.milliseconds(1)) }
        }
        source.finish()
        return await sum
    }

    /// Blocks its thread until a context has answered, or its time is over: one.
    static let block = RemoteFunction("soak.block") {
        (context: CallContext, target: Int, milliseconds: Int) -> Int in
        _ = try? context.peer(target).call("whoami", timeout: .milliseconds(Int64(milliseconds)))
        return 1
    }

    private actor Sum {
        private(set) var value = 0

        func add(_ number: Int) { value += number }
    }
}

/// Waits for so long, unless it is cancelled.
private func pause(_ time: Duration) async { _ = try? await Latch<Int>().get(timeout: time) }

extension CallContext {
    fileprivate func peer(_ id: Int) -> Context { router.contextByID(ContextID(UInt32(id))) }
}
