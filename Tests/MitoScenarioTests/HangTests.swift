import Foundation
import MitoCore
import MitoReport
import MitoTrace
import Testing

@testable import MitoScenario

/// The stories under Hangs: those with a planted bug are explained, by their traces alone, and the others need no
/// explanation.
@Suite(.enabled(if: !Node.defects.isEmpty, "built without the trait PlantedDefects"))
struct HangTests {
    @Test(arguments: Planted.all)
    func `the first five lines about a planted bug name it, in the simulation`(planted: Planted) throws {
        let scenario = try Shipped.scenario(planted.file)
        let told = try Planted.explained(SimWorld.run(scenario, seed: scenario.seed))
        for truth in planted.truths { #expect(told.contains(truth), "\(told)") }
        #expect(told.contains("What to do: "))
    }

    @Test(arguments: Planted.all.filter { Shipped.liveFiles.contains($0.file) })
    func `the first five lines about a planted bug name it, with real processes`(planted: Planted) throws {
        let scenario = try Shipped.scenario(planted.file)
        let told = try Planted.explained(LiveWorld.run(scenario, seed: 1, Shipped.live))
        for truth in planted.truths { #expect(told.contains(truth), "\(told)") }
    }

    @Test(arguments: Planted.all) func `doing what is said ends it`(planted: Planted) throws {
        let scenario = try Shipped.scenario(planted.file)
        let run = SimWorld.run(scenario, seed: scenario.seed)
        let found = try #require(Explainer(Trace(Telling.untilItsEnd(run.records))).explanation)
        guard found.verdict != .stalled, found.verdict != .leaked else { return }
        #expect(found.remedy.hasPrefix("kill \(found.lostAt);") || found.remedy.hasPrefix("restart \(found.lostAt);"))
        var mended = scenario
        mended.limit = .seconds(600)
        mended.expectations = []
        mended.story.append(
            StoryEntry(
                word: KillWord(context: found.lostAt), name: "the remedy",
                when: When(trigger: .at(.seconds(5)), plus: .zero), position: .first))
        let after = Explainer(Trace(Telling.untilItsEnd(SimWorld.run(mended, seed: scenario.seed).records)))
        #expect(after.quiescence.pending.isEmpty && after.quiescence.connecting.isEmpty)
        #expect(!after.verdict.isHang, "\(after.explanation?.text ?? "")")
    }

    @Test func `every planted story is tested, and every bug that can be planted has a story or a checker`() throws {
        let files = Shipped.files.filter { $0.hasPrefix("Hangs/planted/") }
        #expect(Set(files) == Set(Planted.all.map(\.file)))
        let planted = try files.flatMap { try Shipped.scenario($0).defects.map(\.name) }
        #expect(Set(Node.defects).subtracting(planted) == Planted.foundOtherwise)
    }

    @Test(arguments: Shipped.files) func `nothing is explained that is well`(file: String) throws {
        let scenario = try Shipped.scenario(file)
        guard scenario.defects.isEmpty else { return }
        for seed in 1...3 as ClosedRange<UInt64> {
            let run = SimWorld.run(scenario, seed: seed)
            let verdict = Explainer(Trace(Telling.untilItsEnd(run.records))).verdict
            #expect(verdict != .leaked && verdict != .livelock, "seed \(seed)")
        }
    }

    @Test(arguments: Planted.all) func `a trace that was cut off is explained without a trap`(planted: Planted) throws {
        let scenario = try Shipped.scenario(planted.file)
        let records = Telling.untilItsEnd(SimWorld.run(scenario, seed: scenario.seed).records)
        for part in 1..<12 {
            let cut = records.count * part / 12
            for rest in [Array(records[..<cut]), Array(records[cut...])] {
                let outlook = Outlook(rest, reach: part % 2 == 0 ? .end : .soFar)
                #expect(!outlook.text.isEmpty && outlook.mermaid.hasPrefix("flowchart TB"))
                #expect((try? JSONSerialization.jsonObject(with: Data(outlook.json.utf8))) != nil)
            }
        }
    }

    @Test func `the table of hangs names every story, and no other`() throws {
        let table = try Shipped.text("Hangs/README.md")
        let stories = Shipped.files.filter { $0.hasPrefix("Hangs/") }.map { $0.dropFirst("Hangs/".count).dropLast(5) }
        for story in stories { #expect(table.contains("`\(story)`"), "\(story)") }
        for name in table.matches(of: /`((?:planted\/)?[a-z-]+)\.yaml`/) {
            #expect(stories.contains(name.1), "\(name.1)")
        }
    }
}

/// A story with a planted bug, and what must be said of it.
struct Planted: Sendable, CustomTestStringConvertible {
    var file: String
    /// The truth about it, in the words of the first five lines.
    var truths: [String]

    init(_ name: String, _ truths: String...) {
        file = "Hangs/planted/\(name).yaml"
        self.truths = truths
    }

    var testDescription: String { file }

    /// The first five lines of what `explain` says, which has read the trace from bytes and knows nothing else.
    static func explained(_ run: Run) throws -> String {
        var writer = TraceWriter()
        writer.write(TraceHeader(world: run.world.rawValue, seed: run.seed))
        for record in run.records { writer.write(record) }
        let records = try TraceReader.readAll(writer.bytes).records
        let text = Outlook(Telling.untilItsEnd(records)).text
        return text.split(separator: "\n", omittingEmptySubsequences: false).prefix(5).joined(separator: "\n")
    }

    /// These hang nobody and show in no trace: the checkers find them, or a test of the report.
    static let foundOtherwise: Set = ["keep-egress", "keep-chain", "drop-oversized"]

    static let all = [
        Planted(
            "asker-forgotten", "deadlock: master waits for late", "rack had it up", "and never told master."),
        Planted(
            "call-ignored-at-the-end", "stalled: web called db.echo",
            "reached db, which started no function for it and did not answer.", "db had begun to end"),
        Planted("call-kept-at-the-end", "leaked", "web ended", "while its call of db.hang was open"),
        Planted("deadline-kept", "leaked", "web's call of db.echo ended", "its deadline is still set."),
        Planted(
            "deadline-repeats", "livelock: web is busy without end", "web is woken for the deadline of its handle",
            "though it was set once."),
        Planted(
            "del-route-swallowed", "deadlock: web waits for db.report", "db was killed",
            "bastion was told, but did not tell master", "So web never heard of it."),
        Planted(
            "del-route-swallowed-with-time-out", "stalled: web called db.report",
            "bastion was told, but did not tell master"),
        Planted("handle-kept", "leaked", "web's call of db.echo ended", "is still open."),
        Planted(
            "ids-swallowed", "deadlock: master waits for late", "rack asked master for context ids and waits for them.",
            "The request came into bastion, which did nothing with it."),
        Planted(
            "neighbour-not-told", "deadlock: web waits for db.hang", "rack saw it, but did not tell web",
            "although it had addressed db"),
        Planted(
            "news-kept-from-parent", "deadlock: web waits for db.echo", "rack saw it, but did not tell bastion",
            "bastion sent the request back to rack, which refused it"),
        Planted("news-sent-back", "livelock: ", "is the news of ", "that db is gone (DEL_ROUTE)", "it goes round"),
        Planted("orphan", "leaked", "rack lost its parent", "did not end"),
        Planted(
            "queue-stands-still", "deadlock: web waits for db.echo", "db put echo in its queue and never started it"),
        Planted(
            "refusal-swallowed", "deadlock: web waits for db.echo", "The dead message of master",
            "came into bastion, which did not pass it on."),
        Planted("reply-forgotten", "deadlock: master waits for db.report", "but no reply ever left db."),
        Planted("route-kept", "leaked", "bastion knew", "that db is gone, and still has its route to it."),
        Planted("time-out-ignored", "deadlock: web waits for db.hang", "time-out", "and did not end it."),
        Planted(
            "waiter-not-woken", "deadlock: web waits for db.hang", "db was killed",
            "The news reached web, which did not end the call."),
    ]
}
