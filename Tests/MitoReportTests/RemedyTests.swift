import MitoCore
import MitoReport
import MitoTrace
import Testing

@Suite struct RemedyTests {
    @Test func `a cut link is to be mended where it is, and a held one released`() throws {
        let words = ["cut": "mend the link above rack, or break it for good;", "hold": "release the link above rack;"]
        for deed in ["cut", "hold"] {
            var script = Script()
            script.world(deed, Who.rack)
            _ = script.call(Who.db, "report", from: Who.master, stop: .lost(from: Who.bastion))
            let found = try #require(Explainer(script.trace).explanation)
            #expect(found.remedy.hasPrefix(try #require(words[deed])), "\(found.remedy)")
        }
    }

    @Test func `whoever else ends with a context that is killed is named, and who waits among them`() throws {
        var script = Script()
        _ = script.call(Who.db, "report", from: Who.web, stop: .ignored(at: Who.rack))
        let found = try #require(Explainer(script.trace).explanation)
        #expect(found.remedy.hasSuffix("This also ends web (who waits) and db, which are below it."), "\(found.remedy)")
    }

    @Test func `a link whose end nobody saw is broken by the end of what carries it`() throws {
        var script = Script()
        _ = script.call(Who.db, "report", from: Who.master)
        _ = script.kill(Who.rack, isSeen: false)
        let found = try #require(Explainer(script.trace).explanation)
        #expect(found.because == .lossUnnoticed)
        #expect(found.remedy.hasPrefix("end what still holds bastion's link to rack; "), "\(found.remedy)")
        let overSSH = script.records.map { record in
            var record = record
            if record.event.text == "local rack" { record.event.text = "ssh rack" }
            return record
        }
        let other = try #require(Explainer(Trace(overSSH)).explanation)
        #expect(other.remedy.hasPrefix("end the ssh process of bastion that leads to rack; "), "\(other.remedy)")
    }

    @Test func `times are told no finer than people read them`() {
        var script = Script()
        script.note(.log, in: Who.web) { $0.at = Instant(nanoseconds: 9_881_414) }
        script.note(.log, in: Who.web) { $0.at = Instant(nanoseconds: 89_292) }
        script.note(.log, in: Who.web) { $0.at = Instant(nanoseconds: 2_019_619_600) }
        script.note(.log, in: Who.web) { $0.at = Instant(nanoseconds: -9_881_414) }
        let lines = script.trace.records.indices.suffix(4).map(script.trace.line)
        #expect(lines == ["9.881ms web: log", "89us web: log", "2.019s web: log", "-9.881ms web: log"])
    }
}
