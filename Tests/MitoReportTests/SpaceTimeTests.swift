import Foundation
import MitoCore
import MitoReport
import MitoTrace
import Testing

/// The pictures of a run, read as text.
@Suite struct SpaceTimeTests {
    private func count(_ part: String, in text: String) -> Int { text.components(separatedBy: part).count - 1 }

    @Test func `a picture has a lane for each context and a line for each hop`() {
        var script = Script()
        script.answer(script.call(Who.db, "report", from: Who.web), "42")
        let svg = SpaceTime(script.trace, title: "A call").svg
        #expect(svg.hasPrefix("<svg xmlns=") && svg.hasSuffix("</svg>\n"))
        #expect(count("<rect class=\"head\"", in: svg) == 5)
        #expect(count("<line class=\"hop call\"", in: svg) == 3, "two hops and the legend")
        #expect(count("<line class=\"hop answer\"", in: svg) == 3)
        #expect(svg.contains(">db.report</text>") && svg.contains(">42</text>") && svg.contains(">A call</text>"))
        #expect(svg.contains("<title>runs report</title>") && svg.contains("<title>web waits for db.report</title>"))
    }

    @Test func `a loss ends a lane, and what is lost ends on its way`() {
        var script = Script()
        _ = script.call(Who.db, "report", from: Who.web, stop: .lost(from: Who.rack))
        _ = script.kill(Who.db)
        let svg = SpaceTime(script.trace).svg
        #expect(count("<line class=\"hop lost call\"", in: svg) == 1)
        #expect(svg.contains(">is killed</text>") && count("class=\"end\"", in: svg) == 1)
    }

    @Test func `hostile names and words stay text`() throws {
        var script = Script()
        _ = script.call(Who.db, "</text><script>&\"'\u{1B}\u{FFFE}", from: Who.web)
        script.note(.contextUp, in: ContextID(9)) { ($0.link, $0.text) = (ContextID(9), "<b>\n]]>") }
        let svg = SpaceTime(script.trace, title: "<title>&").svg
        #expect(!svg.contains("<script") && !svg.contains("<b>") && svg.contains("&lt;script&gt;"))
        #expect(!svg.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" })
        #expect(XMLShape.isWellFormed(svg))
    }

    @Test func `a picture is bounded and says what it leaves out`() {
        var script = Script()
        for _ in 0..<50 { script.answer(script.call(Who.db, "report", from: Who.web), "42") }
        let svg = SpaceTime(script.trace, lanesMax: 4, marksMax: 10).svg
        #expect(svg.contains(">240 more are left out</text>") && svg.contains(">1 contexts more are left out</text>"))
        #expect(count("<line class=\"hop", in: svg) <= 12)
        #expect(SpaceTime(Trace([])).svg.hasSuffix("</svg>\n"))
    }

    @Test func `the items of a stream are one band, with their number`() {
        var script = Script()
        let mail = Script.Mail(source: Who.rack, destination: Who.bastion, handle: Handle(5000))
        for _ in 0..<20 { script.carry(mail, cause: 0) }
        let svg = SpaceTime(script.trace).svg
        #expect(count("<path class=\"band item-head\"", in: svg) == 1)
        #expect(count("<line class=\"hop item\"", in: svg) == 3, "the first, the last and the legend")
        #expect(count(">20 items</text>", in: svg) == 1 && !svg.contains("left out"))
        #expect(count(": 20 items\n", in: Mermaid(script.trace).text) == 1)
    }

    @Test func `lines of a log that are alike are one, with their number`() {
        var script = Script()
        let mail = Script.Mail(source: Who.rack, destination: Who.bastion, handle: .forwardLog)
        for _ in 0..<20 {
            script.note(.log, in: Who.rack) { $0.text = "again" }
            script.carry(mail, cause: 0)
        }
        script.note(.log, in: Who.rack) { $0.text = "at last" }
        let svg = SpaceTime(script.trace).svg
        #expect(count(">20 lines of log</text>", in: svg) == 1 && count(">20 times: logs again</text>", in: svg) == 1)
        #expect(count("logs again", in: svg) == 1 && count(">logs at last</text>", in: svg) == 1)
    }

    @Test func `what is started again has one lane, with its ids`() {
        var script = Script()
        script.note(.command, in: Who.web) { ($0.subject, $0.text, $0.step) = (Who.web, "restart", 0) }
        let new = ContextID(9)
        script.note(.launchStarted, in: Who.rack) { ($0.subject, $0.link, $0.text) = (new, new, "local web") }
        script.note(.contextUp, in: new) { ($0.subject, $0.link, $0.text) = (new, new, "web") }
        script.answer(script.call(Who.db, "report", from: Who.bastion), "42")
        let svg = SpaceTime(script.trace).svg
        #expect(count("<rect class=\"head\"", in: svg) == 5 && svg.contains(">web (ids 3, 9)</text>"))
        #expect(count(">is killed</text>", in: svg) == 1)
        #expect(!Mermaid(script.trace).text.contains("c9"))
    }

    @Test func `time is said to be not to scale`() {
        var script = Script()
        script.answer(script.call(Who.db, "report", from: Who.web), "42")
        #expect(SpaceTime(script.trace).svg.contains(">not to scale</text>"))
    }

    @Test func `the legend of a narrow picture takes several lines, all of it inside`() throws {
        var script = Script()
        script.answer(script.call(Who.rack, "report", from: Who.bastion), "42")
        let mail = Script.Mail(source: Who.rack, destination: Who.bastion, handle: Handle(5000))
        script.carry(mail, cause: 0)
        _ = script.tell(Who.bastion, of: Who.db, from: Who.rack, cause: script.kill(Who.db))
        var scope = PictureScope()
        scope.contexts = [Who.bastion]
        let svg = SpaceTime(script.trace, scope: scope).svg
        let width = try #require(svg.firstMatch(of: /width="(\d+)"/).flatMap { Int($0.1) })
        let texts = svg.matches(of: /x="(\d+)" y="\d+" text-anchor="start">([^<]*)</)
        #expect(texts.contains { $0.2 == "caller waits" })
        #expect(texts.allSatisfy { Int($0.1)! + 6 * $0.2.count <= width })
    }

    @Test func `a title that is longer than the lanes are wide widens the picture`() throws {
        var script = Script()
        script.answer(script.call(Who.web, "report", from: .master), "42")
        var scope = PictureScope()
        scope.contexts = [.master]
        func width(_ title: String) throws -> Int {
            let svg = SpaceTime(script.trace, scope: scope, title: title).svg
            #expect(svg.contains(">\(title)</text>"))
            return try #require(svg.firstMatch(of: /width="(\d+)"/).flatMap { Int($0.1) })
        }
        let long = "A title of many words, each of which is needed, and which nobody wants to see cut off"
        #expect(try width(long) > width("Short") && width(long) > 10 * long.count)
    }

    @Test func `a window of time shows what began in it`() {
        var script = Script()
        for name in ["first", "second"] { script.answer(script.call(Who.db, name, from: Who.web), name) }
        var scope = PictureScope()
        let second = script.trace.calls[1].started
        scope.from = script.records[second].event.at
        let later = Mermaid(script.trace, scope: scope).text
        #expect(later.contains("db.second") && !later.contains("first"))
        (scope.from, scope.until) = (nil, scope.from)
        let earlier = Mermaid(script.trace, scope: scope).text
        #expect(earlier.contains("db.first") && !earlier.contains("second"))
    }

    @Test func `only some sorts of events are drawn`() {
        var script = Script()
        _ = script.call(Who.db, "report", from: Who.web)
        let seen = script.kill(Who.db)
        _ = script.tell(Who.bastion, of: Who.db, from: Who.rack, cause: seen)
        var scope = PictureScope()
        scope.kinds = [.faults]
        let faults = Mermaid(script.trace, scope: scope).text
        #expect(faults.contains("is killed") && !faults.contains("report") && !faults.contains("gone"))
        scope.kinds = [.routes]
        #expect(Mermaid(script.trace, scope: scope).text.contains("c2-)c1: db is gone"))
    }

    @Test func `a picture about one context has its neighbours alone`() {
        var script = Script()
        _ = script.call(Who.db, "report", from: Who.web)
        let seen = script.kill(Who.db)
        _ = script.tell(Who.bastion, of: Who.db, from: Who.rack, cause: seen)
        var scope = PictureScope()
        scope.contexts = [Who.web]
        let text = Mermaid(script.trace, scope: scope).text
        #expect(text.contains("participant c3 as web") && !text.contains("master") && !text.contains("gone"))
    }
}

/// A reader that takes well-formed XML without anything special in it, and nothing else.
private enum XMLShape {
    static func isWellFormed(_ text: String) -> Bool {
        var open: [Substring] = []
        var rest = Substring(text)
        while let start = rest.firstIndex(of: "<") {
            guard !rest[..<start].contains(">"), let end = rest[start...].firstIndex(of: ">") else { return false }
            let tag = rest[rest.index(after: start)..<end]
            rest = rest[rest.index(after: end)...]
            if tag.hasPrefix("/") {
                guard open.popLast() == tag.dropFirst() else { return false }
            } else if !tag.hasSuffix("/") {
                open.append(tag.prefix { $0 != " " })
            }
        }
        return open.isEmpty
    }
}
