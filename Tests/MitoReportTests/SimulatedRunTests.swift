import MitoCore
import MitoReport
import MitoSimulator
import MitoTrace
import Testing

/// The report on what real nodes write, in a simulation: master — bastion — rack — db.
@Suite struct SimulatedRunTests {
    @Test func `a planted silence of a relay is explained from the trace alone`() throws {
        let run = Walk(defects: ["bastion": "swallow-del-route"])
        run.grove.begin("hang", on: run.db)
        run.grove.run()
        run.grove.simulation.kill(run.db)
        run.grove.run()
        let found = try #require(run.explainer.explanation)
        #expect(found.verdict == .deadlock && found.because == .noticeNotPassedOn)
        #expect([found.waits, found.on, found.lostAt] == ["master", "db", "bastion"])
    }

    @Test func `the same with a time-out is a stall`() throws {
        let run = Walk(defects: ["bastion": "swallow-del-route"])
        run.grove.begin("hang", on: run.db, timeout: .seconds(5))
        run.grove.run(for: .seconds(1))
        run.grove.simulation.kill(run.db)
        run.grove.run()
        let found = try #require(run.explainer.explanation)
        #expect(found.verdict == .stalled && found.because == .noticeNotPassedOn && found.lostAt == "bastion")
    }

    @Test func `without the defect the same crash leaves nothing to explain`() {
        let run = Walk()
        run.grove.begin("hang", on: run.db, timeout: .seconds(5))
        run.grove.run(for: .seconds(1))
        run.grove.simulation.kill(run.db)
        run.grove.run()
        #expect(run.explainer.verdict == .atRest)
    }

    @Test(arguments: ["bastion", "rack", "db"]) func `whoever dies, the caller is told and nobody stalls`(
        victim: String
    ) {
        let run = Walk()
        run.grove.begin("sleep", on: run.db, [60], timeout: .seconds(5))
        run.grove.run(for: .seconds(1))
        run.grove.simulation.kill(run.context(victim))
        run.grove.run()
        #expect(run.explainer.verdict == .atRest)
        #expect(run.trace.calls.map(\.reason) == [.respondentLost])
    }

    @Test func `a hung function is found behind a line of relays`() throws {
        let run = Walk()
        run.grove.begin("relay", on: run.context("bastion"), [.int(Int64(run.db.rawValue)), "hang"])
        run.grove.run()
        let found = try #require(run.explainer.explanation)
        #expect(
            found.story == [
                "master waits for bastion.relay, bastion waits for db.hang.", "db.hang runs and waits: for ever.",
            ])
        #expect(found.lostAt == "db" && found.because == .functionWaits)
    }

    @Test func `a time-out in a queue behind a hung function is no stall`() {
        let run = Walk()
        run.grove.begin("hang", on: run.db, timeout: .seconds(1))
        run.grove.begin("echo", on: run.db, [1], timeout: .seconds(2))
        run.grove.run()
        #expect(run.explainer.verdict == .atRest)
    }

    @Test func `a sleeping function needs only time`() {
        let run = Walk()
        run.grove.begin("sleep", on: run.db, [60])
        run.grove.run(for: .seconds(1))
        #expect(run.explainer.verdict == .onlyTimersLeft)
    }

    @Test func `the story of a crash reads like one`() {
        let run = Walk()
        run.grove.call("echo", on: run.db, ["hello"])
        run.grove.begin("hang", on: run.db)
        run.grove.run(for: .seconds(1))
        run.grove.simulation.kill(run.context("rack"))
        run.grove.run()
        #expect(
            Transcript(run.trace).lines == [
                "master", "  bastion", "    rack", "      db",
                "master calls db.echo",
                "  master → bastion → rack → db",
                "db runs echo",
                "master's call of db.echo returns 'hello'",
                "master calls db.hang",
                "  master → bastion → rack → db",
                "db runs hang",
                "rack is killed",
                "bastion tells master: rack is gone",
                "bastion tells master: db is gone",
                "db ends: the parent is gone",
                "master's call of db.hang fails: ChannelError: the respondent Context has disconnected",
            ])
    }

    @Test func `a simulated trace survives the file`() throws {
        let run = Walk()
        run.grove.call("echo", on: run.db, ["hello"])
        var writer = TraceWriter()
        writer.write(TraceHeader(world: "sim", seed: 1))
        for record in run.grove.records { writer.write(record) }
        #expect(try TraceReader.readAll(writer.bytes).records == run.grove.records)
    }
}

/// A grown line of contexts, and the report on what it has written so far.
private struct Walk {
    let grove: Grove
    let db: ContextID

    init(defects: [String: String] = [:]) {
        grove = Grove(defects: defects)
        db = grove.growChain(["bastion", "rack", "db"])[2]
    }

    var trace: Trace { Trace(grove.records) }
    var explainer: Explainer { Explainer(trace) }

    func context(_ name: String) -> ContextID { trace.tree.context(named: name)! }
}
