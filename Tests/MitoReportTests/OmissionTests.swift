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
    ]

    @Test(arguments: rows)
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

    /// The program alone misses these: its own contexts have done all that they owe, and the trace is whole. So is a
    /// close that a process's end makes up for.
    @Test(arguments: [Omission.Kind.completed, .connected, .close])
    func `what only the program misses leaves no gap`(kind: Omission.Kind) {
        let run = Story.call.told(without: Omission(kind, nth: 1))
        let explainer = Explainer(Trace(run.records))
        #expect(explainer.losses.isEmpty && explainer.verdict == .atRest)
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

    @Test(arguments: 0..<60)
    func `a drawn omission is named, whatever it is`(seed: UInt64) {
        let omission = Omission(seed: seed)
        // A frame that is on its way to a process that is killed is lost either way.
        for story in Story.allCases where story != .kill && story != .killCallee {
            let run = story.told(without: omission)
            guard run.simulation.hasOmitted, omission.kind.leavesGap else { continue }
            let explainer = Explainer(Trace(run.records))
            let isNamed = !explainer.losses.isEmpty || explainer.explanation != nil
            #expect(isNamed, "\(omission) in \(story)")
        }
    }
}

extension Omission.Kind {
    /// Whether the trace shows what should have followed.
    fileprivate var leavesGap: Bool {
        switch self {
        case .completed, .connected, .deliver, .lost, .close: false
        default: true
        }
    }
}

/// Short stories in a tree of bastion, rack, db and web.
enum Story: String, Sendable, CaseIterable {
    case grow, call, callNobody, killCallee, kill, shutdown, timeOut

    func told(without omission: Omission?) -> Grove {
        var configuration = Node.Configuration.traced
        configuration.callers = .anyone
        let grove = Grove(configuration: configuration, omission: omission)
        var ids: [String: ContextID] = [:]
        for (name, parent) in [("bastion", "master"), ("rack", "bastion"), ("db", "rack"), ("web", "rack")] {
            let via = ids[parent]
            guard via != nil || parent == "master" else { continue }
            ids[name] = try? grove.connect(ConnectRequest(name: name, via: via)).get()
        }
        grove.run(for: .seconds(60))
        if let db = ids["db"], let web = ids["web"] { tell(grove, rack: ids["rack"], db: db, web: web) }
        grove.run()
        return grove
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
        let all = records.filter { Self.kinds($0.event).contains(kind) }
        // What comes before everybody is up belongs to the tree's growth.
        let grown = records.last { $0.event.kind == .connectEnded }?.index ?? 0
        let place = all.firstIndex { (story == .grow || $0.index > grown) && isMeant($0) }
        return try #require(place) + 1
    }

    /// What a record shows to be ordered.
    private static func kinds(_ event: Event) -> [Omission.Kind] {
        switch event.kind {
        case .launchStarted: return [.launch]
        case .timerFired: return [.deadline]
        case .contextDown: return [.exit]
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
