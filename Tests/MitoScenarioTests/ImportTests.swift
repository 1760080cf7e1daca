import MitoCore
import MitoReport
import MitoTrace
import Testing

@testable import MitoScenario

/// Recorded runs, told again from what their traces say.
struct ImportTests {
    @Test(arguments: Shipped.files)
    func `a shipped story that is recorded and imported comes to the same end`(file: String) throws {
        let scenario = try Shipped.scenario(file)
        let run = SimWorld.run(scenario, seed: scenario.seed)
        let replay = try Replay(of: run)
        #expect(replay.verdict.outcome == .passed, "\(replay.verdict.misses) \(replay.verdict.ending)\n\(replay.text)")
        #expect(Summary(Telling.explanation(of: run.records)) == replay.summary, "\(replay.text)")
    }

    @Test(arguments: ["swallow-call-1", "swallow-reply-1", "swallow-del-route-1", "swallow-del-route"])
    func `a message that a relay forgot is forgotten again, and explained alike`(defect: String) throws {
        let scenario = try Fixtures.scenario(
            """
            mitoscope: 1
            title: t
            link: { delay: 3ms }
            defect: { relay: \(defect) }
            contexts: { relay: {}, rack: { via: relay }, db: { via: rack }, web: {} }
            story:
              - { call: db.sleep, args: [1s], from: web, as: sleep }
              - { kill: db, after: { sleep: running }, plus: 100ms }
            """)
        // The first call and the first reply that a relay sees are about starting contexts below it.
        let isSetUp = defect == "swallow-call-1" || defect == "swallow-reply-1"
        let run = SimWorld.run(scenario, seed: 1)
        if isSetUp { return #expect(run.ending != .rested) }
        let replay = try Replay(of: run)
        #expect(replay.scenario.defects.map(\.context) == ["relay"])
        #expect(Summary(Telling.explanation(of: run.records)) == replay.summary, "\(replay.text)")
        #expect(replay.summary?.parts.last == "notice-not-passed-on")
    }

    @Test(arguments: [("swallow-call-2", "request-not-passed-on"), ("swallow-reply-2", "reply-not-passed-on")])
    func `a request or a reply that a relay forgot is told again`(defect: String, because: String) throws {
        let scenario = try Fixtures.scenario(
            """
            mitoscope: 1
            title: t
            defect: { relay: \(defect) }
            contexts: { relay: {}, db: { via: relay }, web: {} }
            story: [ { call: db.add, args: [1, 2], from: web, as: sum } ]
            """)
        let replay = try Replay(of: SimWorld.run(scenario, seed: 1))
        #expect(replay.scenario.defects.map(\.name) == [defect], "\(replay.text)")
        #expect(replay.summary?.parts == ["deadlock", "web", "db", "relay", because])
    }

    @Test func `functions become scripts that wait, call and end as they did`() throws {
        let replay = try replay(
            contexts: """
                db: { functions: { slow: [ { sleep: 3s }, { return: 7 } ], bad: [ { fail: "no such row" } ] } }
                web: { functions: { ask: [ { call: db.slow }, { sleep: 1s } ] } }
                """,
            story: [
                "{ call: web.ask, as: ask }", "{ call: db.bad, as: bad, after: { ask: ended } }",
                "{ call: db.echo, args: [it's], as: echo }", "{ call: db.echo, args: [2], as: other }",
            ])
        #expect(replay.text.contains("slow: [ { sleep: 3s }, { return: 7 } ]"))
        #expect(replay.text.contains("bad: [ { fail: \"no such row\" } ]"))
        #expect(replay.text.contains("ask: [ { call: db.slow }, { sleep: 1s }, { return: 7 } ]"))
        #expect(replay.text.contains("echo: [ { return: \"it's\" } ]") || replay.text.contains("return: \"\\\"it's"))
        #expect(replay.text.contains("echo-2: ") || replay.text.contains("as: other"))
        #expect(replay.verdict.outcome == .passed, "\(replay.verdict.misses)\n\(replay.text)")
        #expect(replay.progress("ask") == .seconds(4))
    }

    @Test func `time-outs, calls without reply, later contexts and orderly ends are taken over`() throws {
        let replay = try replay(
            contexts: "web: {}",
            story: [
                "{ call: web.hang, timeout: 5s, as: hang }", "{ call: web.echo, no-reply: true }",
                "{ connect: late, after: { hang: ended }, as: begun }", "{ shutdown: late, after: { begun: ended } }",
            ])
        for part in ["timeout: 5s", "no-reply: true", "connect: late", "shutdown: late", "fails: TimeoutError"] {
            #expect(replay.text.contains(part), "\(replay.text)")
        }
        #expect(replay.verdict.outcome == .passed, "\(replay.verdict.misses)\n\(replay.text)")
    }

    @Test func `what was done to links and processes is done again`() throws {
        let replay = try replay(
            contexts: "rack: {}\nweb: { via: rack }",
            story: [
                "{ cut: rack, way: up, as: cut }", "{ call: web.echo, as: late, timeout: 5s }",
                "{ mend: rack, after: { cut: running }, plus: 1s }",
                "{ hold: web, after: { late: ended }, as: held }", "{ release: web, plus: 100ms }",
                "{ freeze: rack, plus: 100ms }", "{ thaw: rack, plus: 100ms }",
                "{ cut: web, how: reset, plus: 100ms }",
            ])
        for part in [
            "{ cut: rack, way: up,", "{ mend: rack,", "{ hold: web,", "{ release: web,", "{ freeze: rack,",
            "{ thaw: rack,", "{ cut: web, how: reset,",
        ] { #expect(replay.text.contains(part), "\(part)\n\(replay.text)") }
        #expect(replay.notes.isEmpty && replay.scenario.defects.isEmpty, "\(replay.text)")
        #expect(replay.verdict.outcome == .passed, "\(replay.verdict.misses)\n\(replay.text)")
    }

    @Test func `what was sent, received, given up and let go is done again`() throws {
        let replay = try replay(
            contexts: "rack: {}\nweb: { via: rack }",
            story: [
                "{ receive: web, handle: 500, as: inbox }",
                "{ send: web, handle: 500, value: 1, from: rack, after: { inbox: running }, as: gift }",
                "{ call: web.sleep, args: [5s], as: slow, after: gift }", "{ cancel: slow, after: { slow: running } }",
                "{ stream: web.tail, from: rack, args: [3], as: items, timeout: 10s }",
                "{ detach: rack, after: items }",
            ])
        for part in [
            "{ receive: web, handle: 500,", "{ send: web, handle: 500, from: rack,", "{ cancel: slow,",
            "{ detach: rack,", "slow: { fails: CancelledError }",
        ] { #expect(replay.text.contains(part), "\(part)\n\(replay.text)") }
        #expect(replay.verdict.outcome == .passed, "\(replay.verdict.misses)\n\(replay.text)")
    }

    @Test func `links get the delays that frames had`() throws {
        let replay = try replay(
            contexts: "web: { link: { delay: 7ms, up: { delay: 2ms } } }", story: ["{ call: web.echo }"])
        #expect(replay.text.contains("web: { link: { delay: 7ms, up: { delay: 2ms } }"), "\(replay.text)")
    }

    @Test func `names that the language does not know are made fit for it`() throws {
        var taken: Set<String> = ["master"]
        #expect(ImportedNames.free("local.4711", orElse: "context", &taken) == "local-4711")
        #expect(ImportedNames.free("local-4711", orElse: "context", &taken) == "local-4711-2")
        #expect(ImportedNames.free("Größe\n", orElse: "context", &taken) == "gr----e-")
        #expect(ImportedNames.free("4711", orElse: "context", &taken) == "context")
        #expect(FlowItem.text("a\"b\\\u{7}é").text == "\"a\\\"b\\\\\\U00000007\\U000000e9\"")
    }

    @Test func `what a trace cannot tell is said`() throws {
        let replay = try replay(contexts: "web: {}", story: ["{ stream: web.tail, args: [3], as: numbers }"])
        #expect(replay.notes == ["the items that numbers brought"])
        #expect(replay.text.contains("# Not taken over:\n#   the items that numbers brought\n"))
    }

    @Test(arguments: 0..<200) func `a trace that makes no sense is imported without a trap`(seed: UInt64) {
        var source = NonsenseSource(state: seed)
        let story = StoryImport((0..<200).map { _ in source.next() }, title: "nonsense: \"\u{0}")
        #expect(story.text.utf8.count < 200_000)
        // Whatever was made of it is a scenario, or refused with a place.
        _ = try? Fixtures.scenario(story.text)
    }

    private func replay(contexts: String, story: [String]) throws -> Replay {
        let lines = contexts.split(separator: "\n").map { "  \($0)" }.joined(separator: "\n")
        let entries = story.map { "  - \($0)" }.joined(separator: "\n")
        let scenario = try Fixtures.scenario("mitoscope: 1\ntitle: t\ncontexts:\n\(lines)\nstory:\n\(entries)\n")
        return try Replay(of: SimWorld.run(scenario, seed: 1))
    }
}

/// The imported story of a run, and what came of it.
private struct Replay {
    let text: String
    let notes: [String]
    let scenario: Scenario
    let run: Run
    let verdict: Verdict

    init(of recorded: Run) throws {
        let story = StoryImport(recorded.records, title: "again")
        (text, notes) = (story.text, story.notes)
        scenario = try Fixtures.scenario(text)
        run = SimWorld.run(scenario, seed: scenario.seed)
        verdict = Verdict(of: scenario, in: run)
    }

    var summary: Summary? { Summary(Telling.explanation(of: run.records)) }

    /// How long a call took.
    func progress(_ name: String) -> Duration? {
        var progress = Progress()
        for record in run.records { progress.observe(record) }
        return progress[name].flatMap { facts in facts.ended.map { $0.at - facts.began.at } }
    }
}

/// What an explanation comes down to: verdict, who waits on whom, where it was lost, and why.
private struct Summary: Equatable {
    let parts: [String]

    init?(_ explanation: Explanation?) {
        guard let explanation else { return nil }
        parts = [
            explanation.verdict.rawValue, explanation.waits, explanation.on, explanation.lostAt,
            explanation.because.rawValue,
        ]
    }
}

/// Records whose fields meet each other often, since all are drawn from a few numbers.
private struct NonsenseSource {
    var state: UInt64

    mutating func next() -> TraceRecord {
        var event = Event(Event.Kind.allCases[below(Event.Kind.allCases.count)])
        event.reason = Event.Reason.allCases[below(Event.Reason.allCases.count)]
        event.upward = below(2) == 0
        event.at = Instant(nanoseconds: below(9) == 0 ? .min : below(9) == 0 ? .max : Int64(below(1000)))
        (event.step, event.cause, event.ordinal) = (UInt64(below(40)), UInt64(below(40)), UInt64(below(5)))
        (event.link, event.subject) = (context(), context())
        (event.source, event.destination, event.authority) = (context(), context(), context())
        let handles = [0, 101, 104, 999, 1000, 1001].map { Handle($0) }
        (event.handle, event.replyTo) = (handles[below(handles.count)], handles[below(handles.count)])
        let texts = [
            "", "kill", "freeze", "sleep 1s", "call 2 f", "call", "sleep", "shutdown 3", "signal 9", "\"\n: {",
        ]
        event.text = texts[below(texts.count)]
        event.tag = ["", StoryMark.begin, "a", "b.c", "routes"][below(5)]
        return TraceRecord(index: 0, context: context(), event: event, hash: 0)
    }

    private mutating func context() -> ContextID { ContextID(UInt32(below(5))) }

    private mutating func below(_ bound: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int((state >> 33) % UInt64(bound))
    }
}
