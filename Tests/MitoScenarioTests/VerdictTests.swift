import MitoCore
import MitoTrace
import Testing

@testable import MitoScenario

/// Expectations judged by records made by hand, the same in every world but for the time.
struct VerdictTests {
    private static let story = "[ { call: db.echo, as: x, timeout: 1s }, { kill: db, as: death, at: 1s } ]"

    private func verdict(
        _ expect: String, _ records: [TraceRecord], in world: WorldKind = .sim, _ ending: Run.Ending = .rested
    ) throws -> Verdict {
        let scenario = try Fixtures.scenario(story: Self.story, expect: expect)
        return Verdict(
            of: scenario, in: Run(world: world, seed: 1, records: Fixtures.opening + records, ending: ending))
    }

    private let answered = [Fixtures.started("x", at: 10), Fixtures.ended("x", "42", at: 30)]
    private let lost = [
        Fixtures.started("x", at: 10), Fixtures.mark("death", "kill", on: Fixtures.db, at: 15),
        Fixtures.record(.routeRemoved, at: 20) { $0.subject = Fixtures.db },
        Fixtures.ended("x", "ChannelError: gone", .respondentLost, at: 30),
    ]

    @Test func `a value is compared as the trace shows it`() throws {
        #expect(try verdict("[ { x: { returns: 42 } } ]", answered).outcome == .passed)
        #expect(try verdict("[ { x: { returns: 43 } } ]", answered).misses.map(\.seen) == ["x returned 42"])
        #expect(try verdict("[ { x: { returns: 42 } } ]", lost).outcome == .failed)
    }

    @Test func `a failure has a type and words`() throws {
        #expect(try verdict("[ { x: { fails: ChannelError, saying: gone } } ]", lost).outcome == .passed)
        #expect(try verdict("[ { x: { fails: CallError } } ]", lost).outcome == .failed)
        #expect(try verdict("[ { x: { saying: here } } ]", lost).outcome == .failed)
        #expect(try verdict("[ { x: { fails: ChannelError } } ]", answered).outcome == .failed)
    }

    @Test func `before the time-out means not because of it`() throws {
        let timedOut = [Fixtures.started("x"), Fixtures.ended("x", "TimeoutError: late", .timedOut, at: 1000)]
        #expect(try verdict("[ { x: { before: timeout } } ]", lost).outcome == .passed)
        #expect(
            try verdict("[ { x: { before: timeout } } ]", timedOut).misses.map(\.seen)
                == ["x was ended by its time-out"])
    }

    @Test func `a missed time fails on our clock and settles nothing on a real one`() throws {
        let late = [Fixtures.started("x"), Fixtures.mark("death", "kill", at: 5), Fixtures.ended("x", "1", at: 9000)]
        #expect(try verdict("[ { x: { within: 10ms of death } } ]", lost).outcome == .failed)
        #expect(try verdict("[ { x: { within: 15ms of death } } ]", lost).outcome == .passed)
        #expect(try verdict("[ { x: { within: 10ms of death } } ]", lost, in: .live).outcome == .passed)
        #expect(try verdict("[ { x: { within: 10ms of death } } ]", late, in: .live).outcome == .inconclusive)
        #expect(try verdict("[ { x: { within: 10ms of death, returns: 2 } } ]", late, in: .live).outcome == .failed)
    }

    @Test func `how long a call took counts from its start`() throws {
        #expect(try verdict("[ { x: { took: 20ms } } ]", answered).outcome == .passed)
        #expect(try verdict("[ { x: { took: 1ms..19ms } } ]", answered).outcome == .failed)
    }

    @Test func `ending before the event is no matter of time`() throws {
        let early = [Fixtures.started("x"), Fixtures.ended("x", "1", at: 1), Fixtures.mark("death", "kill", at: 2)]
        #expect(try verdict("[ { x: { within: 1s of death } } ]", early, in: .live).outcome == .failed)
    }

    @Test func `a path is where the request came in`() throws {
        let hops = [Fixtures.web, Fixtures.db].map { context in
            Fixtures.record(.frameIn, in: context) { ($0.handle, $0.replyTo) = (.callFunction, Handle(1000)) }
        }
        let stranger = Fixtures.record(.frameIn, in: Fixtures.web) {
            ($0.handle, $0.replyTo) = (.callFunction, Handle(7))
        }
        let records = [Fixtures.started("x"), hops[0], stranger, hops[1], Fixtures.ended("x", "1", at: 3)]
        #expect(try verdict("[ { x: { path: [master, web, db] } } ]", records).outcome == .passed)
        #expect(try verdict("[ { x: { path: [master, db] } } ]", records).outcome == .failed)
    }

    @Test func `routes are those of the moment`() throws {
        #expect(try verdict("[ { routes: { master: { has: [web], lacks: [db] } } } ]", lost).outcome == .passed)
        #expect(
            try verdict("[ { routes: { master: { has: [db], via: { db: db } } }, after: { x: running } } ]", lost)
                .misses.map(\.seen) == ["that moment never came", "that moment never came"])
        #expect(
            try verdict("[ { routes: { master: { has: [db] } }, after: { death: running } } ]", lost).outcome == .passed
        )
    }

    @Test func `what becomes of a context is told by its end`() throws {
        let down = [Fixtures.record(.contextDown, in: Fixtures.web)]
        #expect(try verdict("[ { contexts: { alive: [web], killed: [db] } } ]", lost).outcome == .passed)
        #expect(try verdict("[ { contexts: { exited: [web], alive: [db] } } ]", down).outcome == .passed)
        #expect(try verdict("[ { contexts: { alive: [web] } } ]", down).outcome == .failed)
    }

    @Test func `order is the order of the trace`() throws {
        #expect(try verdict("[ { order: [death, x] } ]", lost).outcome == .passed)
        #expect(try verdict("[ { order: [x, death] } ]", lost).outcome == .failed)
        #expect(try verdict("[ { order: [x, death] } ]", answered).misses.map(\.seen) == ["death never happened"])
    }

    @Test func `messages are counted where they start, or on a link`() throws {
        let frames = [ContextID.master, Fixtures.web].map { context in
            Fixtures.record(.frameOut, in: context) { ($0.handle, $0.link) = (.delRoute, Fixtures.web) }
        }
        #expect(try verdict("[ { messages: { kind: del-route, count: 1 } } ]", frames).outcome == .passed)
        #expect(try verdict("[ { messages: { kind: del-route, on: web, count: 2 } } ]", frames).outcome == .passed)
        #expect(try verdict("[ { messages: { kind: call, count: 1.. } } ]", frames).outcome == .failed)
    }

    @Test func `clean wants everything closed by those who end in order`() throws {
        let open = Fixtures.record(.handleAdded, in: Fixtures.web) { $0.handle = Handle(1234) }
        let close = Fixtures.record(.handleRemoved, in: Fixtures.web) { $0.handle = Handle(1234) }
        let ends = [ContextID.master, Fixtures.web, Fixtures.db].map { Fixtures.record(.contextDown, in: $0) }
        let marked = [Fixtures.mark(StoryMark.end)] + ends
        #expect(try verdict("[ { clean: all } ]", [open, close] + marked).outcome == .passed)
        #expect(
            try verdict("[ { clean: all } ]", [open] + marked).misses.map(\.seen)
                == ["left over: web: handle 1234 is open"])
        #expect(try verdict("[ { clean: all } ]", [Fixtures.mark(StoryMark.end)] + ends.dropLast()).outcome == .failed)
    }

    @Test func `clean wants no route to the dead`() throws {
        let killed = [Fixtures.mark("death", "kill", on: Fixtures.db), Fixtures.mark(StoryMark.end)]
        let ends = [ContextID.master, Fixtures.web].map { Fixtures.record(.contextDown, in: $0) }
        #expect(
            try verdict("[ { clean: all } ]", killed + ends).misses.map(\.seen) == ["left over: master's route to db"])
    }

    @Test func `a hang that nobody expects is status 3, and one that is expected must be that one`() throws {
        let waiting = [Fixtures.started("x")]
        #expect(try verdict("[]", waiting, .hung).exitStatus == 3)
        #expect(try verdict("[ { outcome: { hang: { waits: master, on: db } } } ]", waiting, .hung).outcome == .passed)
        #expect(try verdict("[ { outcome: { hang: { waits: web } } } ]", waiting, .hung).outcome == .failed)
        #expect(try verdict("[ { outcome: { hang: { waits: master } } } ]", answered).outcome == .failed)
    }

    @Test func `a caller that only its time-out woke, after its peer was provably lost, is a hang`() throws {
        let late = [Fixtures.started("x"), Fixtures.ended("x", "TimeoutError: late", .timedOut, at: 1000)]
        #expect(try verdict("[]", late).outcome == .hang)
        #expect(try verdict("[ { x: { fails: TimeoutError } } ]", late).outcome == .passed)
    }

    @Test func `endings have their statuses`() throws {
        #expect(try verdict("[]", answered, .limitReached).exitStatus == 2)
        #expect(try verdict("[]", answered, .untold("it waits")).exitStatus == 1)
        #expect(try verdict("[]", answered, .livelocked).exitStatus == 3)
        #expect(try verdict("[]", answered, .failedToStart("no")).exitStatus == 5)
        #expect(try verdict("[]", answered, .environmentMissing("no")).exitStatus == 69)
    }
}
