import MitoCore
import MitoSimulator
import Mitoscope
import Synchronization
import Testing

/// What a context's process takes with it when it ends.
@Suite struct CrashTests {
    @Test func `a task of a context that is killed never goes on`() {
        let witness = Witness()
        let nap = RemoteFunction("test.nap") { (_: CallContext) async throws in
            defer { witness.saw("defer") }
            witness.saw("begin")
            try await Task.sleep(for: .seconds(1))
            witness.saw("end")
        }
        let simulation = killed(during: nap)
        #expect(witness.seen == ["begin"])
        #expect(simulation.now >= .start + .seconds(1))
    }

    @Test func `a thread of a context that is killed never goes on`() {
        let witness = Witness()
        let nap = RemoteFunction("test.nap") { (_: CallContext) -> Void in
            defer { witness.saw("defer") }
            witness.saw("begin")
            Parkers.current.park(timeout: .seconds(1))
            witness.saw("end")
        }
        _ = killed(during: nap)
        #expect(witness.seen == ["begin"])
    }

    @Test func `a task without structure dies with its context too`() {
        let witness = Witness()
        let nap = RemoteFunction("test.nap") { (_: CallContext) async throws in
            Task.detached {
                witness.saw("begin")
                try? await Task.sleep(for: .seconds(1))
                witness.saw("end")
            }
            try await Task.sleep(for: .seconds(60))
        }
        _ = killed(during: nap)
        #expect(witness.seen == ["begin"])
    }

    @Test func `who called a function of a killed context hears of its end`() throws {
        let die = RemoteFunction("test.die") { (context: CallContext) in context.shutdown() }
        let run = try withSimulatedRouter(seed: 1, functions: [die]) { router in
            let web = try await router.local(name: "web")
            do throws(MitoscopeError) {
                try await web.call(die)
                try await web.call(die)
                return MitoscopeError.Code(rawValue: "none")
            } catch {
                return error.code
            }
        }
        #expect(run.result == .channel)
    }

    @Test func `code of a context with a wrong clock goes by that clock`() throws {
        let nap = RemoteFunction("test.nap") { (_: CallContext) async throws -> Int in
            let began = ContinuousClock.now
            try await Task.sleep(for: .seconds(10))
            return Int((ContinuousClock.now - began).components.seconds)
        }
        let grove = Grove(functions: [nap])
        let web = grove.grow("web")
        #expect(grove.simulation.perform(.skew(web, by: .seconds(60), drift: Drift(1, 1))))
        let began = grove.simulation.now
        #expect(grove.call("test.nap", on: web) == .value(10))
        #expect(grove.simulation.now - began < .seconds(6))
    }

    /// A simulation in which a context began `function`, was killed half a second later, and all came to rest.
    private func killed(during function: some ImageFunction) -> Simulation {
        let grove = Grove(functions: [function])
        let web = grove.grow("web")
        grove.begin(function.name, on: web)
        grove.run(for: .milliseconds(500))
        grove.simulation.kill(web)
        grove.run()
        return grove.simulation
    }
}

/// What code was seen to do, in its order.
private final class Witness: Sendable {
    private let log = Mutex<[String]>([])

    var seen: [String] { log.withLock { $0 } }

    func saw(_ what: String) { log.withLock { $0.append(what) } }
}
