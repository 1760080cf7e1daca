import MitoCore
import MitoLinks
import MitoSimulator
import MitoTrace
import Mitoscope
import Synchronization
import Testing

/// Faults that are planned by name and time for a program.
@Suite struct PlannedFaultTests {
    @Test func `a context that is killed wakes its caller`() throws {
        let run = try play([.kill("db", at: .seconds(2))])
        #expect(run.result == "ChannelError")
        #expect(run.duration < .seconds(3) && run.missed.isEmpty)
    }

    @Test func `a blocking caller is woken too`() throws {
        let run = try withSimulatedRouter(
            seed: 7, functions: BuiltInFunctions.all, faults: [.kill("db", at: .seconds(2))],
            blocking: { router in
                do throws(MitoscopeError) {
                    try router.local(name: "db").call("hang")
                    return "an answer"
                } catch {
                    return error.code.rawValue
                }
            })
        #expect(run.result == "ChannelError")
    }

    @Test func `the same faults give the same run, and others another one`() throws {
        let faults: [PlannedFault] = [
            .freeze("db", at: .seconds(1), for: .seconds(2)), .cut("db", .up, at: .seconds(4), for: .seconds(1)),
            .kill("db", at: .seconds(6)),
        ]
        let run = try play(faults)
        #expect(try play(faults).hash == run.hash)
        #expect(try play(Array(faults.dropFirst())).hash != run.hash)
        let twice = try withSimulatedRouterTwice(
            seed: 7, functions: BuiltInFunctions.all, faults: faults, { try await called($0, "hang") })
        #expect(twice.hash == run.hash && twice.missed.isEmpty)
    }

    @Test func `a fault is in the trace as the world's command`() throws {
        let records = Mutex<[TraceRecord]>([])
        let faults: [PlannedFault] = [.cut("db", at: .seconds(1), for: .seconds(2)), .kill("db", at: .seconds(4))]
        _ = try play(faults) { record in records.withLock { $0.append(record) } }
        let commands = records.withLock { $0 }.filter { $0.event.kind == .command && $0.context != .master }
            .map(\.event)
        #expect(commands.map(\.text) == ["cut", "mend", "kill"])
        #expect(commands.map { $0.at - .start } == [.seconds(1), .seconds(3), .seconds(4)])
    }

    @Test func `a cut or a freeze holds an answer up until it is over`() throws {
        for fault in [PlannedFault.cut, { PlannedFault.freeze($0, at: $2, for: $3) }] {
            let run = try play([fault("db", .both, .seconds(1), .seconds(60))], calling: "sleep")
            #expect(run.result == "an answer" && run.duration > .seconds(61))
        }
    }

    @Test func `a frame, a link and a clock can be struck too`() throws {
        let dropped = FrameFault(.drop, FramePattern(kind: .reply))
        #expect(throws: Hang.self) { try play([.frames("db", dropped, at: .seconds(1))], calling: "sleep") }
        #expect(try play([.link("db", .reset, at: .seconds(1))]).result == "ChannelError")
        let fast = try play([.skew("db", by: .zero, drift: Drift(9, 1), at: .milliseconds(3))], calling: "sleep")
        #expect(fast.duration < .seconds(3))
    }

    @Test func `a name that never comes up is told`() throws {
        let error = try #require(throws: NoSuchContext.self) { try play([.kill("bd", at: .zero)], calling: "whoami") }
        #expect("\(error)" == "kill bd at 0s: no context was started under this name; there were db")
    }

    @Test func `what the program throws itself comes first`() {
        #expect(throws: CancellationError.self) {
            try withSimulatedRouter(seed: 1, functions: [], faults: [.kill("db", at: .zero)]) { _ in
                throw CancellationError()
            }
        }
    }

    @Test func `a fault that comes too early or too late has missed`() throws {
        let faults: [PlannedFault] = [.kill("db", at: .zero), .freeze("db", at: .seconds(60))]
        let run = try play(faults, calling: "whoami")
        #expect(run.result == "an answer" && run.missed == faults)
    }

    @Test func `of two contexts of one name the youngest that runs is struck`() throws {
        let run = try withSimulatedRouter(
            seed: 7, functions: BuiltInFunctions.all,
            faults: [.kill("db", at: .seconds(1)), .kill("db", at: .seconds(3))]
        ) { router in
            _ = try await called(router, "hang")
            return try await called(router, "hang")
        }
        #expect(run.result == "ChannelError" && run.missed.isEmpty)
    }

    /// A program that calls one function of one context.
    private func play(
        _ faults: [PlannedFault], calling function: String = "hang",
        onRecord: (@Sendable (TraceRecord) -> Void)? = nil
    ) throws -> SimulatedRun<String> {
        try withSimulatedRouter(
            seed: 7, functions: BuiltInFunctions.all + [Self.sleep], faults: faults, onRecord: onRecord
        ) { router in
            try await called(router, function)
        }
    }

    private static let sleep = RemoteFunction("sleep") { (_: CallContext) async throws in
        try await Task.sleep(for: .seconds(10))
    }
}

/// What a call to a fresh `db` comes to.
@Sendable private func called(_ router: Router, _ function: String) async throws -> String {
    let db = try await router.local(name: "db")
    do throws(MitoscopeError) {
        try await db.call(function)
        return "an answer"
    } catch {
        return error.code.rawValue
    }
}
