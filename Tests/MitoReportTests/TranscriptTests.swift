import MitoCore
import MitoReport
import Testing

@Suite struct TranscriptTests {
    private let tree = ["master", "  bastion", "    rack", "      web", "      db"]

    @Test func `a call is told with its way and its value`() {
        var script = Script()
        let call = script.call(Who.db, "report", from: Who.web)
        script.answer(call, "42")
        #expect(
            Transcript(script.trace).lines == tree + [
                "web calls db.report",
                "  web → rack → db",
                "db runs report",
                "web's call of db.report returns 42",
            ])
    }

    @Test func `a loss is told with who tells whom`() {
        var script = Script()
        let call = script.call(Who.db, "report", from: Who.master)
        let seen = script.kill(Who.db)
        let told = script.tell(Who.bastion, of: Who.db, from: Who.rack, cause: seen)
        let heard = script.tell(Who.master, of: Who.db, from: Who.bastion, cause: told)
        script.end(call, .respondentLost, "ChannelError: the respondent Context has disconnected", cause: heard)
        #expect(
            Transcript(script.trace).lines.suffix(4) == [
                "db is killed",
                "rack tells bastion: db is gone",
                "bastion tells master: db is gone",
                "master's call of db.report fails: ChannelError: the respondent Context has disconnected",
            ])
    }

    @Test func `a process that was killed from outside is told once`() {
        var script = Script()
        script.note(.linkDown, in: Who.rack) { ($0.link, $0.subject) = (Who.db, Who.db) }
        script.note(.childExited, in: Who.rack) { ($0.link, $0.text) = (Who.db, "signal 9") }
        #expect(Transcript(script.trace).lines == tree + ["db is killed"])
    }

    @Test func `a link that breaks is no death`() {
        var script = Script()
        script.note(.linkDown, in: Who.rack) { ($0.link, $0.subject) = (Who.db, Who.db) }
        #expect(Transcript(script.trace).lines == tree + ["the link between rack and db breaks"])
    }

    @Test func `a request that is dropped ends where it was dropped`() {
        var script = Script()
        _ = script.call(Who.db, "report", from: Who.master, stop: .dropped(at: Who.rack, .badAuthority))
        #expect(
            Transcript(script.trace).lines.suffix(3) == [
                "master calls db.report",
                "  master → bastion → rack, where it ends",
                "rack drops master's request to db: it did not come from where master is",
            ])
    }

    @Test func `a reply that comes too late is told, a dead message that does is not`() {
        var script = Script()
        let call = script.call(Who.db, "report", from: Who.web, hasTimeout: true)
        script.timeOut(call)
        script.answer(call, "42", stop: .dropped(at: Who.web, .invalidHandle))
        let dead = Script.Mail(source: Who.rack, destination: Who.web, handle: call.handle, replyTo: .dead)
        script.carry(dead, cause: 0, stop: .dropped(at: Who.web, .invalidHandle))
        #expect(Transcript(script.trace).lines.last == "a reply of db comes too late to web")
    }

    @Test func `times are shown only when asked for`() {
        var script = Script()
        _ = script.call(Who.db, "report", from: Who.web)
        #expect(
            Transcript(script.trace, times: true).lines.suffix(3) == [
                "    14.000ms  web calls db.report",
                "                web → rack → db",
                "    21.000ms  db runs report",
            ])
    }

    @Test func `the end of everything is told in two lines`() {
        var script = Script()
        script.note(.shutdownBegan, in: Who.master) { $0.text = "shutdown" }
        for context in [Who.db, Who.web, Who.rack, Who.bastion, Who.master] {
            script.note(.contextDown, in: context) { ($0.subject, $0.text) = (context, "shutdown") }
        }
        #expect(
            Transcript(script.trace).lines == tree + ["master begins to end, and all with it", "everybody has ended"])
    }

    @Test func `what a story's teller and the world both say is told once`() {
        var script = Script()
        for context in [Who.master, Who.db] {
            script.note(.command, in: context) { ($0.subject, $0.text, $0.tag, $0.step) = (Who.db, "kill", "death", 0) }
        }
        #expect(Transcript(script.trace).lines == tree + ["db is killed"])
    }

    @Test func `what follows the end of a story is not told`() {
        var script = Script()
        script.note(.command, in: Who.master) { ($0.text, $0.tag, $0.step) = ("the story ends", "story.end", 0) }
        script.note(.shutdownBegan, in: Who.master)
        #expect(Transcript(script.trace).lines == tree)
    }

    @Test func `who comes later is told when it comes`() {
        var script = Script()
        _ = script.call(Who.db, "report", from: Who.web)
        let late = ContextID(5)
        script.note(.linkUp, in: Who.web) { ($0.link, $0.subject) = (late, late) }
        script.note(.contextUp, in: late) { ($0.link, $0.subject, $0.text) = (late, late, "disk") }
        #expect(Transcript(script.trace).lines.last == "disk comes up below web")
    }
}
