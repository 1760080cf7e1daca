import MitoCore
import MitoReport
import MitoSimulator
import MitoTrace
import Mitoscope
import Testing

/// Traces that contexts wrote for themselves, joined by what they say of each other.
@Suite struct TraceMergeTests {
    @Test func `the merged order of a split run passes the checks that the run passes`() {
        let run = SplitRun()
        let merged = TraceMerge(run.sources)
        #expect(merged.notes.isEmpty, "\(merged.notes)")
        #expect(merged.records.count == run.records.count)
        #expect(merged.records.map(\.index) == Array(1...UInt64(run.records.count)))
        #expect(violations(run.records) == [])
        #expect(violations(merged.records) == [])
        #expect(Explainer(Trace(merged.records)).explanation == Explainer(Trace(run.records)).explanation)
    }

    @Test(arguments: [-7_200, -1, 1, 3_600]) func `clocks that disagree do not change the order`(seconds: Int64) {
        let run = SplitRun()
        let merged = TraceMerge(run.sources(skewing: Who.rack, by: .seconds(seconds)))
        #expect(violations(merged.records) == [])
        let own = merged.records.filter { $0.context == Who.rack }
        let true_ = run.records.filter { $0.context == Who.rack }
        #expect(own.map(\.event.step) == true_.map(\.event.step))
        // Links are equally slow both ways here, so that frames tell the time exactly.
        #expect(own.map(\.event.at) == true_.map(\.event.at))
        let side = seconds > 0 ? "ahead" : "behind"
        let amount = Duration.seconds(abs(seconds))
        #expect(merged.notes == ["rack: its clock was \(side) by \(amount), as frames show"])
    }

    @Test func `the order of the files does not matter`() {
        let run = SplitRun()
        let merged = TraceMerge(run.sources.reversed())
        #expect(violations(merged.records) == [])
        #expect(Explainer(Trace(merged.records)).explanation == Explainer(Trace(run.records)).explanation)
    }

    @Test func `a torn tail is read as far as it goes, and named`() throws {
        let run = SplitRun()
        var sources = run.sources
        let last = sources.count - 1
        sources[last] = try TraceMerge.Source(name: "db", reading: Array(file(sources[last].records).dropLast(20)))
        let line = try #require(sources[last].tornLine)
        let merged = TraceMerge(sources)
        #expect(merged.records.count == run.records.count - 1)
        #expect(merged.notes.first == "db: it ends inside a record (line \(line)); what followed is missing")
    }

    @Test func `a missing file is named, and the rest is still in order`() {
        let run = SplitRun()
        let merged = TraceMerge(run.sources.filter { $0.name != "rack" })
        #expect(merged.notes.contains("rack: there is no trace of it"))
        #expect(merged.notes.contains { $0.contains("came in that no trace shows to have gone out") })
        #expect(merged.records.count == run.records.count { $0.context != Who.rack })
    }

    @Test func `missing steps are counted`() {
        let run = SplitRun()
        var sources = run.sources
        sources[2].records.removeSubrange(4..<7)
        let notes = TraceMerge(sources).notes
        #expect(notes.contains("rack: 3 steps are missing, from 5 on"), "\(notes)")
    }

    @Test func `what two files tell is told once`() {
        let run = SplitRun()
        let merged = TraceMerge(run.sources + run.sources)
        #expect(merged.records.count == run.records.count)
        #expect(violations(merged.records) == [])
    }

    @Test func `recordings of flight are joined to a trace of the whole`() throws {
        let run = SplitRun(flightEntriesMax: 1000)
        let sources = try run.recordings.map { recording in
            try TraceMerge.Source(name: recording.name, reading: recording.lines(world: "sim", because: "test"))
        }
        let merged = TraceMerge(sources)
        #expect(merged.header.world == "sim")
        let found = try #require(Explainer(Trace(merged.records)).explanation)
        let wanted = try #require(Explainer(Trace(run.records)).explanation)
        #expect(
            [found.waits, found.on, found.lostAt, found.function] == [
                wanted.waits, wanted.on, wanted.lostAt, wanted.function,
            ])
        #expect(found.because == wanted.because && found.verdict == wanted.verdict)
    }

    @Test func `a short recording still says who waits`() throws {
        let run = SplitRun(flightEntriesMax: 12)
        let sources = try run.recordings.map { recording in
            try TraceMerge.Source(name: recording.name, reading: recording.lines(world: "sim", because: "test"))
        }
        let explanation = try #require(Explainer(Trace(TraceMerge(sources + sources).records)).explanation)
        #expect(explanation.waits == "master" && explanation.on == "db" && explanation.others.isEmpty)
    }

    @Test(arguments: 0..<100) func `files that contradict each other are merged without a trap`(seed: UInt64) {
        var state = seed
        func draw(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(bound))
        }
        let kinds = Event.Kind.allCases
        let sources = (0..<4).map { number in
            let records = (0..<60).map { _ in
                var event = Event(kinds[draw(kinds.count)])
                event.at = Instant(nanoseconds: draw(9) == 0 ? .min : draw(9) == 0 ? .max : Int64(draw(100)))
                (event.step, event.cause) = (draw(20) == 0 ? .max : UInt64(draw(30)), UInt64(draw(30)))
                (event.ordinal, event.link) = (UInt64(draw(4)), ContextID(UInt32(draw(4))))
                (event.upward, event.handle) = (draw(2) == 0, Handle(UInt32(1000 + draw(3))))
                return TraceRecord(index: 0, context: ContextID(UInt32(draw(4))), event: event, hash: 0)
            }
            let header = TraceHeader(flight: draw(2) == 0 ? "test" : nil)
            return TraceMerge.Source(name: "\(number)", header: header, records: records)
        }
        let merged = TraceMerge(sources)
        #expect(merged.records.count <= 240)
        _ = Explainer(Trace(merged.records)).explanation
    }

    private func violations(_ records: [TraceRecord]) -> [String] {
        // The run is left while somebody waits, so that only what must hold at any moment is looked at.
        var checkers = Checkers(suspended: [.callsEndOnce, .nothingLeftBehind])
        for record in records { checkers.observe(record) }
        return checkers.finish().map(\.description)
    }
}

private func file(_ records: [TraceRecord]) -> [UInt8] {
    var writer = TraceWriter()
    writer.write(TraceHeader(world: "live"))
    for var record in records {
        record.index = 0
        writer.write(record)
    }
    return writer.take()
}

/// master — bastion — rack — (web, db): calls, a crash, and a caller that waits for a function that never ends.
private struct SplitRun {
    let records: [TraceRecord]
    let recordings: [FlightRecording]

    init(flightEntriesMax: Int = 2048) {
        var configuration = Node.Configuration.traced
        configuration.flightEntriesMax = flightEntriesMax
        let grove = Grove(configuration: configuration)
        let rack = grove.growChain(["bastion", "rack"])[1]
        let web = grove.grow("web", via: rack)
        let db = grove.grow("db", via: rack)
        grove.begin("hang", on: db)
        for number in Int64(0)..<10 { _ = grove.call("echo", on: web, [.int(number)]) }
        grove.simulation.kill(web)
        grove.run()
        records = grove.records
        recordings = [.master, rack, db, ContextID(1)].compactMap { grove.simulation.agent($0)?.node.flightRecording }
    }

    var sources: [TraceMerge.Source] { sources(skewing: Who.rack, by: .zero) }

    /// One file for each context, as each clock would have dated it.
    func sources(skewing skewed: ContextID, by skew: Duration) -> [TraceMerge.Source] {
        let tree = Trace(records).tree
        return tree.contexts.map { context in
            let own = records.filter { $0.context == context }.map { record in
                var record = record
                if context == skewed { record.event.at = record.event.at + skew }
                return record
            }
            let header = TraceHeader(world: "live")
            return TraceMerge.Source(name: tree.name(context), header: header, records: own)
        }
    }
}
