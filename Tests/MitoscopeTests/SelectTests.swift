import MitoCore
import Mitoscope
import Testing

@Suite struct SelectTests {
    let router = Router(world: PumpWorld(children: 2))

    @Test func `latches, receivers and selects, empty or not, can be members`() async throws {
        let select = Select<Value>()
        try select.add(try await Receiver(router).values)
        try select.add(Latch<Value>())
        try select.add(Select<Value>())
        #expect(!select.isEmpty)
    }

    @Test func `a member of one select cannot be one of another`() async throws {
        let receiver = try await Receiver(router)
        let first = Select([receiver])
        let second = Select<ReceivedMessage>()
        let text = "Cannot add: Receiver is already owned by another Select"
        #expect(await message { try second.add(receiver) } == text)
        #expect(await message { try first.add(receiver) } == text)
        #expect(second.isEmpty && !first.isEmpty)
        try first.remove(receiver)
        try second.add(receiver)
    }

    @Test func `a new select of what another one has ends the program with a sentence`() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let receiver = try await Receiver(Router(world: PumpWorld()))
            _ = Select([receiver, receiver])
        }
        #expect(result.map { said($0).contains("owned by another, or given twice") } == true)
    }

    @Test func `a select can be in no cycle`() async throws {
        let (outer, middle, inner) = (Select<Int>(), Select<Int>(), Select<Int>())
        try outer.add(middle)
        try middle.add(inner)
        let text = "Adding this Select instance would create a Select cycle"
        for (parent, child) in [(outer, outer), (middle, outer), (inner, outer), (inner, middle)] {
            #expect(await message { try parent.add(child) } == text)
        }
    }

    @Test func `what was there before the adding counts`() async throws {
        let latch = Latch<Int>()
        for number in 1...2 { try latch.put(number) }
        let select = Select<Int>(oneshot: false)
        try select.add(latch)
        #expect(select.count == 2)
        #expect(try await select.get(timeout: .zero) == 1)
        #expect(try await select.get(timeout: .zero) == 2)
        #expect(await code { try await select.get(timeout: .zero) } == .timeout)
    }

    @Test(arguments: [nil, Duration.zero, .seconds(1)])
    func `to get from no member is an error at once`(timeout: Duration?) async throws {
        let select = Select<Int>()
        try select.add(Select<Int>())
        #expect(await message { try await select.get(timeout: timeout) } == "Cannot get(), Select instance is empty")
    }

    @Test(arguments: [Duration.zero, .milliseconds(1)])
    func `nothing in time is a time-out`(timeout: Duration) async throws {
        let select = Select<Int>()
        try select.add(Latch())
        #expect(await code { try await select.get(timeout: timeout) } == .timeout)
    }

    @Test func `an item that somebody else has taken is not one`() async throws {
        let latch = Latch<Int>()
        let select = Select<Int>()
        try select.add(latch)
        try latch.put(1)
        _ = try await latch.get()
        #expect(await code { try await select.get(timeout: .zero) } == .timeout)
        try latch.put(2)
        #expect(try await select.get(timeout: .zero) == 2)
    }

    @Test func `items taken past a select leave nothing behind in it`() async throws {
        let latch = Latch<Int>()
        let select = Select<Int>(oneshot: false)
        try select.add(latch)
        for number in 0..<1000 {
            try latch.put(number)
            _ = try await latch.get()
        }
        #expect(select.announcedCount <= 1)
    }

    @Test func `a one-shot select drops what gave an item, any other keeps it`() async throws {
        for isOneshot in [true, false] {
            let latch = Latch<Int>()
            let select = Select<Int>(oneshot: isOneshot)
            try select.add(latch)
            try latch.put(1)
            #expect(try await select.get() == 1)
            #expect(select.isEmpty == isOneshot)
        }
    }

    @Test func `an event names the innermost source`() async throws {
        let receiver = try await Receiver(router)
        let select = Select<ReceivedMessage>()
        try select.add(Select([receiver]))
        try receiver.sender().send(42)
        let event = try await select.getEvent()
        guard case .receiver(receiver) = event.source else { Issue.record("another source"); return }
        #expect(try event.item.value() == 42)
    }

    @Test func `an event of a latch names the latch`() async throws {
        let latch = Latch<Int>()
        let select = Select<Int>()
        try select.add(latch)
        try latch.put(42)
        guard case .latch(let source) = try await select.getEvent().source else { Issue.record("no latch"); return }
        #expect(source === latch)
    }

    @Test func `a loop goes on while there are members`() async throws {
        let replies = [1, 2].map { router.contextByID(ContextID($0)).callAsync("echo", [.int(Int64($0))]) }
        var seen: [Value] = []
        for try await reply in Select(replies) { seen.append(reply) }
        #expect(seen == [1, 2])
        for try await _ in Select<Int>() { Issue.record("an item of nothing") }
    }

    @Test func `members may be added while iterating`() async throws {
        let web = router.contextByID(ContextID(1))
        let select = Select([web.callAsync("echo", [3])])
        var seen: [Value] = []
        for try await reply in select {
            seen.append(reply)
            if case .int(let left) = reply, left > 0 { try select.add(web.callAsync("echo", [.int(left - 1)])) }
        }
        #expect(seen == [3, 2, 1, 0])
    }

    @Test func `a dead message is thrown, and its member stays`() async throws {
        let receiver = try await Receiver(router)
        let select = Select([receiver])
        try receiver.sender().close()
        #expect(await message { try await select.get() } == "Sender was explicitly closed")
        try receiver.sender().send(1)
        #expect(try await select.get().value() == 1)
        #expect(select.isEmpty)
    }

    @Test func `a member that can give nothing more after its dead message leaves`() async throws {
        let select = Select([router.contextByID(ContextID(77)).callAsync("echo")])
        #expect(await code { try await select.get() } == .channel)
        #expect(await code { try await select.get() } == .usage)
    }

    @Test func `a function's failure is what its member gave`() async throws {
        let web = router.contextByID(ContextID(1))
        let select = Select([web.callAsync("fail", ["no luck"]), web.callAsync("echo", [1])])
        #expect(await code { try await select.get() } == .call)
        #expect(try await select.get() == 1)
        #expect(select.isEmpty)
    }

    @Test func `a member that was removed keeps what it has`() async throws {
        let latch = Latch<Int>()
        let select = Select<Int>()
        try select.add(latch)
        try latch.put(1)
        try select.remove(latch)
        try select.add(Latch())
        #expect(await code { try await select.get(timeout: .zero) } == .timeout)
        #expect(try latch.count == 1)
    }

    @Test func `only a member can be removed`() async throws {
        let select = Select<Value>()
        let text = "Instance is not a member of this Select"
        #expect(await message { try select.remove(Latch()) } == text)
        #expect(await message { try select.remove(Select()) } == text)
        let receiver = try await Receiver(router).values
        #expect(await message { try select.remove(receiver) } == text)
    }

    @Test func `closing lets go of all members, wakes whoever waits and takes no more`() async throws {
        let (select, inner, latch) = (Select<Int>(), Select<Int>(), Latch<Int>())
        try inner.add(latch)
        try select.add(inner)
        let waiting = Task { try await select.get() }
        await waitUntil { select.sleeperCount == 1 }
        select.close()
        select.close()
        #expect(await code { try await waiting.value } == .latch)
        #expect(await code { try await select.get() } == .usage)
        #expect(await code { try select.add(Latch()) } == .latch)
        #expect(select.count == 0 && !inner.isEmpty)
        try Select<Int>().add(inner)
    }

    @Test func `a closed receiver or latch cannot be added, and is no member then`() async throws {
        let receiver = try await Receiver(router).values
        receiver.close()
        let latch = Latch<Value>()
        latch.close()
        let select = Select<Value>()
        #expect(await code { try select.add(receiver) } == .channel)
        #expect(await code { try select.add(latch) } == .latch)
        #expect(select.isEmpty)
    }

    @Test func `a member that is closed leaves, and whoever waits for it alone is told`() async throws {
        let receiver = try await Receiver(router)
        let select = Select(oneshot: false, [receiver])
        let waiting = Task { try await select.get() }
        await waitUntil { select.sleeperCount == 1 }
        receiver.close()
        #expect(await code { try await waiting.value } == .usage)
    }

    @Test func `all results come in the order in which they arrive`() async throws {
        let latches = [Latch<Int>(), Latch<Int>()]
        let select = Select<Int>()
        for latch in latches { try select.add(latch) }
        try latches[1].put(1)
        try latches[0].put(0)
        var seen: [Int] = []
        for try await item in select { seen.append(item) }
        #expect(seen == [1, 0])
        let calls = (1...2).map { router.contextByID(ContextID($0)).callAsync("whoami") }
        #expect(try await Select.all(calls).count == 2)
    }

    @Test func `the size is that of all members`() async throws {
        let latches = [Latch<Int>(), Latch<Int>()]
        let (select, inner) = (Select<Int>(), Select<Int>())
        try inner.add(latches[0])
        try select.add(inner)
        try select.add(latches[1])
        for latch in latches { for number in 0..<3 { try latch.put(number) } }
        #expect(select.count == 6)
    }

    @Test func `receivers of different things can be mapped into one select`() async throws {
        let numbers = try await Receiver(router).values
        let select = Select([
            numbers.map { "value \($0)" }, router.events().map { _ in "an event" },
        ])
        try numbers.sender().send(42)
        #expect(try await select.get() == "value 42")
    }

    @Test func `two who wait on one select get one item each`() async throws {
        let latch = Latch<Int>()
        let select = Select<Int>(oneshot: false)
        try select.add(latch)
        let waiting = (0..<2).map { _ in Task { try await select.get() } }
        await waitUntil { select.sleeperCount == 2 }
        for number in 0..<2 { try latch.put(number) }
        var seen: Set<Int> = []
        for task in waiting { seen.insert(try await task.value) }
        #expect(seen == [0, 1])
    }

    @Test func `the blocking form serves a thread`() async throws {
        let sum = try await onThread { () throws(MitoscopeError) in
            let web = Router(world: PumpWorld(children: 1)).contextByID(ContextID(1))
            return try Select.all([web.callAsync("echo", [40]), web.callAsync("echo", [2])])
        }
        #expect(sum == [40, 2])
    }
}
