import MitoCore
import MitoScenario
import MitoTrace

/// Scenarios and records made by hand.
enum Fixtures {
    static let lesson = """
        mitoscope: 1
        title: A waiting caller learns at once that its target is gone
        seed: 7
        link: { delay: 1ms..2ms, up: { delay: 4ms } }
        contexts:
          rack: {}
          web: { via: rack }
          db: { via: rack, link: { delay: 3ms }, functions: { report: [ { sleep: 5s }, { return: 42 } ] } }
        story:
          - { call: db.report, from: web, as: report, timeout: 10s }
          - { kill: db, after: { report: running }, plus: 1m30s, as: death }
          - { shutdown: rack, after: { report: ended } }
        expect:
          - report: { fails: ChannelError, before: timeout, within: 100ms of death, path: [web, rack, db] }
          - { routes: { rack: { lacks: [db] } }, at: end }
          - clean: all
        """

    static func scenario(_ text: String) throws -> Scenario { try Scenario(reading: Array(text.utf8), file: "f") }

    /// A scenario with the contexts web and db, and this story and these expectations.
    static func scenario(story: String, expect: String = "[]") throws -> Scenario {
        try scenario("mitoscope: 1\ntitle: t\ncontexts: { web: {}, db: {} }\nstory: \(story)\nexpect: \(expect)\n")
    }

    /// One record, `milliseconds` after the start.
    static func record(
        _ kind: Event.Kind, in context: ContextID = .master, at milliseconds: Int64 = 0,
        _ fill: (inout Event) -> Void = { _ in }
    ) -> TraceRecord {
        var event = Event(kind)
        event.at = .start + .milliseconds(milliseconds)
        event.step = 1
        fill(&event)
        return TraceRecord(index: 0, context: context, event: event, hash: 0)
    }

    static let web = ContextID(1)
    static let db = ContextID(2)

    /// Both contexts come up, and the story begins.
    static let opening = [
        record(.contextUp, in: web) { $0.text = "web" }, record(.contextUp, in: db) { $0.text = "db" },
        record(.routeAdded) { ($0.subject, $0.link) = (web, web) },
        record(.routeAdded) { ($0.subject, $0.link) = (db, db) },
        mark(StoryMark.begin),
    ]

    static func started(_ name: String, at time: Int64 = 0) -> TraceRecord {
        record(.callStarted, at: time) { ($0.tag, $0.handle, $0.destination) = (name, Handle(1000), db) }
    }

    static func running(at time: Int64) -> TraceRecord {
        record(.invocationStarted, in: db, at: time) { ($0.source, $0.replyTo) = (.master, Handle(1000)) }
    }

    static func ended(_ name: String, _ text: String, _ reason: Event.Reason = .none, at time: Int64) -> TraceRecord {
        record(.callEnded, at: time) { ($0.tag, $0.handle, $0.text, $0.reason) = (name, Handle(1000), text, reason) }
    }

    static func mark(_ name: String, _ text: String = "", on subject: ContextID = .master, at time: Int64 = 0)
        -> TraceRecord
    {
        record(.command, in: subject, at: time) { ($0.tag, $0.text, $0.subject, $0.step) = (name, text, subject, 0) }
    }
}
