import TestSupport
import MitoCore
import Mitoscope
import Testing

/// Much of everything, and several of all.
@Suite(.timeLimit(.minutes(5))) struct VolumeTests {
    @Test func `a hundred thousand calls are answered, each with its own`() async throws {
        try await Live.tree { live in
            let web = try await live.router.local()
            for batch in Int64(0)..<100 {
                let answers = try await withThrowingTaskGroup { group in
                    for number in batch * 1000..<(batch + 1) * 1000 {
                        group.addTask { try await web.call("echo", [.int(number)]) == .int(number) }
                    }
                    return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
                }
                #expect(answers == 1000)
            }
        }
    }

    @Test func `sixty-four mebibytes go there and back`() async throws {
        try await Live.tree { live in
            let relay = try await live.router.local()
            let leaf = try await live.router.local(via: relay)
            let bytes = Value.bytes([UInt8](repeating: 0x5A, count: 64 * 1024 * 1024))
            #expect(try await leaf.call("echo", [bytes]) == bytes)
        }
    }

    @Test func `what is over the limit is refused at once, and costs nothing else`() async throws {
        try await Live { $0.messageBytesMax = 1 << 20 }.tell { live in
            let web = try await live.router.local()
            let bytes = Value.bytes([UInt8](repeating: 1, count: 1 << 20))
            let error = await failure { try await web.call("echo", [bytes]) }
            #expect(error?.code == .channel && error?.message == "message too large (max 1048576 bytes)")
            let half = Value.bytes([UInt8](repeating: 1, count: 600_000))
            #expect(try await web.call("echo", [half]) == half)
        }
    }

    @Test func `one broker ends while another's calls finish, and equal ids never meet`() async throws {
        let (one, other) = (try Live(), try Live())
        let (a, b) = (try await one.router.local(name: "a"), try await other.router.local(name: "b"))
        #expect(a.id == b.id)
        async let slow = b.call("sleep", ["200ms"])
        async let lost = failure { try await a.call("hang") }
        try await one.router.shutdown()
        let error = await lost
        #expect(error?.code == .channel || error?.code == .shutdown)
        #expect(try await slow == .none)
        guard case .dict(let pairs) = try await b.call("whoami") else { Issue.record("no dict"); return }
        #expect(pairs.contains { $0.value == "b" })
        try await other.router.shutdown()
    }

    @Test func `many brokers begin and end in one process`() async throws {
        try await withThrowingTaskGroup { group in
            for number in Int64(0)..<20 {
                group.addTask {
                    try await Live.tree { live in
                        let child = try await live.router.local()
                        #expect(try await child.call("echo", [.int(number)]) == .int(number))
                    }
                }
            }
            try await group.waitForAll()
        }
    }
}
