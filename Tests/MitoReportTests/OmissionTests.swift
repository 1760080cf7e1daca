import MitoCore
import MitoReport
import MitoSimulator
import MitoTrace
import Mitoscope
import Testing

/// A driver fails to do one thing, of which the trace has no word: the explainer names what was lost, where it was
/// seen last, and who waits because of it.
@Suite struct OmissionTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var kind: Omission.Kind
        /// Which story is told.
        var story: Story
        /// Whose order it was, by name, and on which link, by the name below it; nil = any.
        var sender: String?
        var link: String?
        /// Why somebody waits, and where that is; nil = nobody does.
        var because: Explanation.Cause?
        var place: String?
        var what: String
        var effect: String
        var isHarmless = false

        var testDescription: String { "\(kind.rawValue): \(what)" }
    }

    private static let rows = [
        Row(
            kind: .call, story: .call, sender: "bastion", because: .requestLost, place: "bastion",
            what: "master's call of db.echo", effect: "master waits for db.echo."),
        Row(
            kind: .reply, story: .call, sender: "rack", because: .replyLost, place: "rack",
            what: "the reply of db to master's call of db.echo", effect: "master waits for db.echo."),
        Row(
            kind: .dead, story: .callNobody, sender: "bastion", because: .replyLost, place: "bastion",
            what: "the dead message of master to web's call of context 4711.echo",
            effect: "web waits for context 4711.echo."),
        Row(
            kind: .addRoute, story: .grow, sender: "rack", link: "rack",
            what: "the news of rack that it reaches db (ADD_ROUTE)", effect: "bastion does not know the way to db"),
        Row(
            kind: .delRoute, story: .killCallee, sender: "rack", link: "rack", because: .noticeLost, place: "rack",
            what: "the news of rack that db is gone (DEL_ROUTE)", effect: "master waits for db.hang."),
        Row(
            kind: .delRoute, story: .kill, sender: "rack", link: "rack",
            what: "the news of rack that db is gone (DEL_ROUTE)", effect: "Nobody waits for it", isHarmless: true),
        Row(
            kind: .shutdown, story: .shutdown, sender: "bastion",
            what: "the word of master that db is to end (SHUTDOWN)", effect: "db was never asked to end, and goes on."),
        Row(
            kind: .allocateID, story: .grow, sender: "rack", because: .requestLost, place: "rack",
            what: "rack's request for context ids", effect: "rack waits for ids"),
        Row(
            kind: .reply, story: .grow, sender: "bastion", link: "rack", because: .replyLost, place: "bastion",
            what: "the reply of master to rack's request for context ids", effect: "rack waits for ids"),
        Row(
            kind: .launch, story: .grow, sender: "rack", what: "the start of db (local db)",
            effect: "rack gave it up by its time-out"),
        Row(
            kind: .deadline, story: .timeOut, sender: "web", because: .deadlineMissed, place: "web",
            what: "the time-out of web's call of db.hang", effect: "web waits for db.hang, for longer than it wanted."),
        Row(
            kind: .exit, story: .shutdown, sender: "db", what: "the end of db's process",
            effect: "The process is left behind; nobody waits for it.", isHarmless: true),
        Row(
            kind: .completed, story: .call, sender: "master", because: .programNotTold, place: "master",
            what: "the answer to master's call of db.echo", effect: "The program of master waits for db.echo."),
        Row(
            kind: .connected, story: .grow, sender: "master", because: .programNotTold, place: "master",
            what: "the end of master's connect command (local bastion)",
            effect: "The program of master waits for bastion."),
        Row(
            kind: .drain, story: .shutdown, sender: "db", what: "the word that all of db's output was handed over",
            effect: "db ended only when its grace was over"),
        Row(
            kind: .close, story: .leave, sender: "web", link: "web", because: .lossUnnoticed, place: "rack",
            what: "the end of the link of web",
            effect: "rack still takes web for its child."),
        Row(
            kind: .detached, story: .leave, sender: "web", link: "web", because: .programNotTold, place: "web",
            what: "the word that web has left its parent", effect: "The program of web waits for web."),
        Row(
            kind: .close, story: .deaf, sender: "rack", link: "db", what: "the end of the link of db",
            effect: "db goes on, and nobody can reach it."),
    ]

    @Test(arguments: rows.filter { $0.story != .deaf || Node.isDefect("swallow-shutdown") })
    func `what a driver failed to do is named`(row: Row) throws {
        let nth = try row.nth()
        let run = row.story.told(without: Omission(row.kind, nth: nth))
        #expect(run.simulation.hasOmitted)
        let explainer = Explainer(Trace(run.records))
        let loss = try #require(explainer.losses.first { !$0.isHarmless || row.isHarmless })
        #expect(loss.what == row.what)
        #expect(loss.effect.hasPrefix(row.effect), "\(loss.effect)")
        #expect(loss.isHarmless == row.isHarmless)
        #expect(explainer.explanation?.because == row.because)
        #expect(explainer.explanation?.lostAt == row.place)
        #expect(explainer.explanation?.story.count ?? 0 <= 3)
    }

    @Test(.enabled(if: Node.isDefect("swallow-shutdown")))
    func `the end of a link that only its driver keeps open is found`() throws {
        let nth = try #require(Self.rows.first { $0.story == .deaf }).nth()
        let run = Story.deaf.told(without: Omission(.close, nth: nth))
        #expect(run.simulation.staleEnds.map(\.kind) == [.descriptor])
        #expect(run.simulation.staleEnds.allSatisfy { $0.what.contains("its end of the link of context") })
        #expect(Story.deaf.told(without: nil).simulation.staleEnds.isEmpty)
    }

    @Test(arguments: 1...20)
    func `a link that is never flushed again is named`(nth: Int) {
        for story in [Story.grow, .call, .shutdown] {
            let run = story.told(without: Omission(.ready, nth: nth))
            let explainer = Explainer(Trace(run.records))
            let isNamed = !explainer.losses.isEmpty || explainer.explanation != nil
            #expect(isNamed || !run.simulation.hasOmitted, "the \(nth)th in \(story)")
        }
    }

    @Test func `an honest run has lost nothing`() {
        for story in Story.allCases {
            #expect(Explainer(Trace(story.told(without: nil).records)).losses.isEmpty, "\(story)")
        }
    }

    /// Kind and number are the seed's: whatever was not done is named, or the run ends as an honest one does.
    @Test(arguments: 0..<150)
    func `a drawn omission is named, or has no effect`(seed: UInt64) {
        let omission = Omission(seed: seed)
        // A frame that is on its way to a process that is killed is lost either way.
        for story in Story.allCases where story != .kill && story != .killCallee || !omission.kind.isFrame {
            let run = story.told(without: omission)
            guard run.simulation.hasOmitted else { continue }
            let explainer = Explainer(Trace(run.records))
            let isNamed = !explainer.losses.isEmpty || explainer.explanation != nil || !run.simulation.staleEnds.isEmpty
            #expect(isNamed || run.ends == story.told(without: nil).ends, "\(omission) in \(story)")
        }
    }

    @Test(arguments: Omission.Kind.allCases)
    func `an omission of every kind comes up`(kind: Omission.Kind) {
        #expect(
            Story.allCases.contains { $0.told(without: Omission(kind)).simulation.hasOmitted }
                || kind == .deliver)
    }

    /// What these orders are for is another world's: descriptors that are redirected, processes that survive.
    @Test(arguments: [Omission.Kind.up, .logRecord, .ending, .release, .leaveParent])
    func `an order that a simulation has no use for is missed by nobody`(kind: Omission.Kind) {
        var count = 0
        for story in Story.allCases {
            let honest = story.told(without: nil)
            for nth in 1...12 {
                let run = story.told(without: Omission(kind, nth: nth))
                guard run.simulation.hasOmitted else { break }
                count += 1
                #expect(run.simulation.hash == honest.simulation.hash, "the \(nth)th in \(story)")
            }
        }
        #expect(count > 0)
    }
}

extension Omission.Kind {
    fileprivate var isFrame: Bool {
        switch self {
        case .call, .reply, .dead, .log, .shutdown, .addRoute, .delRoute, .allocateID: true
        default: false
        }
    }
}

extension Grove {
    /// How everything came out: the ends of calls, of connect commands and of contexts.
    fileprivate var ends: [String] {
        let kinds: [Event.Kind] = [.callEnded, .connectEnded, .contextDown]
        return records.filter { kinds.contains($0.event.kind) }
            .map { "\($0.context) \($0.event.kind.word) \($0.event.reason.word) \($0.event.text)" }.sorted()
    }
}

/// Short stories in a tree of bastion, rack, db and web.
enum Story: String, Sendable, CaseIterable {
    case grow, call, callNobody, killCallee, kill, shutdown, timeOut, deaf, leave, code

    func told(without omission: Omission?) -> Grove {
        var configuration = Node.Configuration.traced
        configuration.callers = .anyone
        configuration.isDraining = true
        configuration.flightEntriesMax = 256
        let grove = Grove(
            defects: self == .deaf ? ["db": "swallow-shutdown"] : [:], configuration: configuration,
            functions: BuiltInFunctions.all + [Self.work, Self.wait, Self.goAway], omission: omission)
        var ids: [String: ContextID] = [:]
        for (name, parent) in [("bastion", "master"), ("rack", "bastion"), ("db", "rack"), ("web", "rack")] {
            let via = ids[parent]
            guard via != nil || parent == "master" else { continue }
            ids[name] = try? grove.connect(ConnectRequest(name: name, via: via)).get()
        }
        grove.run(for: .seconds(60))
        if let db = ids["db"], let web = ids["web"] { tell(grove, rack: ids["rack"], db: db, web: web) }
        grove.run()
        grove.noteWaits()
        return grove
    }

    /// Code that suspends and code that blocks, each of a program's own.
    private static let work = RemoteFunction("test.work") { (number: Int) async in number + 1 }
    private static let wait = RemoteFunction("test.wait") { (number: Int) in number + 1 }

    private static let goAway = RemoteFunction("test.leave") { (context: CallContext) async throws in
        try await context.detach()
    }

    private func tell(_ grove: Grove, rack: ContextID?, db: ContextID, web: ContextID) {
        switch self {
        case .grow: break
        case .call:
            grove.begin("echo", on: db, [1])
            grove.run(for: .seconds(1))
            grove.begin("echo", on: web, [2])
        case .callNobody: grove.begin("echo", on: ContextID(4_711), from: web)
        case .killCallee, .kill:
            if self == .killCallee { grove.begin("hang", on: db) }
            grove.run(for: .seconds(1))
            grove.simulation.kill(db)
        case .shutdown:
            grove.simulation.withAgent(.master) { $0.node.shutdown(db, at: $1) }
            grove.run(for: .seconds(1))
            grove.begin("echo", on: web, [2])
        case .timeOut:
            grove.begin("hang", on: db, from: web, timeout: .seconds(1))
            // Time goes on elsewhere.
            if let rack { grove.begin("sleep", on: rack, ["10s"]) }
        case .deaf:
            grove.simulation.withAgent(.master) { $0.node.shutdown(db, at: $1) }
        case .leave:
            grove.begin("test.leave", on: web)
            grove.run(for: .seconds(1))
            grove.begin("echo", on: db, [3])
        case .code:
            grove.begin("test.work", on: db, [1])
            grove.begin("test.wait", on: web, [1])
            grove.begin("block", on: db, ["1s"])
        }
    }
}

extension OmissionTests.Row {
    /// How many of the kind, up to the one that is meant, the honest run has.
    fileprivate func nth() throws -> Int {
        let grove = story.told(without: nil)
        let records = grove.records
        let tree = Trace(records).tree
        let isMeant: (TraceRecord) -> Bool = { record in
            let isSender = sender.map { tree.context(named: $0) == record.context } ?? true
            return isSender && (link.map { tree.context(named: $0) == record.event.link } ?? true)
        }
        let all = records.filter { Self.kinds($0).contains(kind) }
        // What comes before everybody is up belongs to the tree's growth.
        let grown = records.last { $0.event.kind == .connectEnded }?.index ?? 0
        let place = all.firstIndex { (story == .grow || $0.index > grown) && isMeant($0) }
        return try #require(place) + 1
    }

    /// What a record shows to be ordered.
    private static func kinds(_ record: TraceRecord) -> [Omission.Kind] {
        let event = record.event
        switch event.kind {
        case .launchStarted: return [.launch]
        case .contextDown: return [.exit]
        case .callEnded: return [.completed]
        case .connectEnded: return [.connected]
        case .shutdownBegan: return [.drain]
        case .timerFired: return event.link == .master ? [.deadline] : [.deadline, .close]
        case .linkDown: return event.link == record.context ? [.close, .detached] : [.close]
        case .frameOut: break
        default: return []
        }
        if event.replyTo == .dead { return [.dead] }
        switch event.handle {
        case .callFunction: return [.call]
        case .addRoute: return [.addRoute]
        case .delRoute: return [.delRoute]
        case .shutdown: return [.shutdown]
        case .allocateID: return [.allocateID]
        case .forwardLog: return [.log]
        default: return [.reply]
        }
    }
}
