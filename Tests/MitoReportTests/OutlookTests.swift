import MitoCore
import MitoReport
import MitoSimulator
import Testing

@Suite struct OutlookTests {
    @Test func `what goes on is no hang, and what it waits for is said`() {
        var script = Script()
        _ = script.call(Who.db, "report", from: Who.web)
        let running = Outlook(script.records, reach: .soFar)
        #expect(running.explanation == nil)
        #expect(
            running.text == """
                running: what somebody waits for may still come; a later trace that says the same is of a hang.
                web waits for db.report since 14ms: function-does-not-end at db
                Nothing is known of after 21ms.
                """)
        #expect(Outlook(script.records).text.hasPrefix("deadlock: web waits for db.report, which does not end."))
    }

    @Test(
        arguments: [
            (21_211_524, "21.211ms"), (5_000_000_000, "5s"), (1_500_000_000, "1500ms"), (1_234_567_890, "1.234s"),
            (999_999, "999us"), (250_000, "250us"), (1_001_000, "1.001ms"), (12, "12ns"), (0, "0s"),
            (-21_211_524, "-21.211ms"),
        ] as [(Int64, String)])
    func `a time has three decimals at most for people`(nanoseconds: Int64, text: String) {
        #expect(Duration(nanoseconds: nanoseconds).rounded == text)
    }

    @Test func `of a trace that ends before its run does nothing is certain`() throws {
        var script = Script()
        _ = script.call(Who.db, "report", from: Who.master)
        let seen = script.kill(Who.db)
        _ = script.tell(Who.bastion, of: Who.db, from: Who.rack, cause: seen)
        let cut = Outlook(script.records, reach: .cut)
        #expect(cut.explanation == nil && cut.json.hasPrefix(#"{"verdict":"running","#))
        let lines = cut.text.split(separator: "\n")
        #expect(lines.count == 2 && lines[0].hasPrefix("running: the trace ends before the run does, at "))
        #expect(lines[1].hasPrefix("master waits for db.report since "))
        #expect(Outlook([], reach: .cut).text.hasPrefix("running: the trace ends before the run does; "))
    }

    @Test func `what goes on elsewhere does not hide a wait that is in vain`() throws {
        var script = Script()
        _ = script.call(Who.db, "report", from: Who.master)
        let seen = script.kill(Who.db)
        _ = script.tell(Who.bastion, of: Who.db, from: Who.rack, cause: seen)
        _ = script.call(Who.web, "compute", from: Who.rack)
        #expect(Outlook(script.records, reach: .soFar).text.hasPrefix("running: "))
        for _ in 0..<1_001 { script.note(.log, in: Who.web) }
        let found = try #require(Outlook(script.records, reach: .soFar).explanation)
        #expect(found.headline == "deadlock: master waits for db.report, and nothing can end it.")
        #expect(found.because == .noticeNotPassedOn && found.lostAt == "bastion")
    }

    @Test func `what went to a context without a trace keeps nobody busy when nobody waits`() {
        var script = Script(untraced: [Who.db])
        let ping = script.note(.command, in: Who.rack)
        script.carry(
            .init(source: Who.rack, destination: Who.db, handle: .forwardLog), cause: ping, stop: .lost(from: Who.rack))
        #expect(Outlook(script.records, reach: .soFar).text == "at rest: nobody waits for what cannot come.")
    }

    @Test func `a wait with a time-out says when it will end`() throws {
        let grove = Grove()
        let db = grove.grow("db")
        grove.begin("hang", on: db, timeout: .seconds(30))
        grove.run(for: .seconds(1))
        let found = try #require(Outlook(grove.records).explanation)
        let due = try #require(found.headline.split(separator: " ").last)
        #expect(
            found.headline.hasPrefix("only timers left: master waits for db.hang, and will time out at 30"), "\(due)")
    }

    @Test func `a picture has the way of the news, and where it ended`() throws {
        var script = Script()
        _ = script.call(Who.db, "report", from: Who.master)
        let seen = script.kill(Who.db)
        _ = script.tell(Who.bastion, of: Who.db, from: Who.rack, cause: seen)
        #expect(
            Outlook(script.records).mermaid == """
                flowchart TB
                    c0["master"]
                    c1[["bastion"]]
                    c2["rack"]
                    c4["db<br/>killed at 24ms"]
                    c2 --- c4
                    c2 ==>|"db is gone"| c1
                    c1 --x|"not told: db is gone"| c0
                    c0 -.->|"waits for report"| c4
                    style c1 stroke:#c00,stroke-width:3px

                """)
    }

    @Test func `a picture has the way of the request, who waits for whom, and no name that breaks it`() {
        var script = Script()
        let outer = script.call(Who.web, "re\"lay]]", from: Who.master)
        _ = script.call(Who.db, "hang", from: Who.web, stop: .lost(from: Who.rack))
        script.run(.waiterParked, outer, "call 4 hang")
        let lines = Outlook(script.records).mermaid.split(separator: "\n").map { $0.drop { $0 == " " } }
        #expect(lines.contains("c3 ==>|\"request\"| c2") && lines.contains("c2 --x|\"request\"| c4"))
        #expect(
            lines.contains("c0 -.->|\"waits for re'lay]]\"| c3") && lines.contains("c3 -.->|\"waits for hang\"| c4"))
    }

    @Test func `a message that is too large and dropped in silence is found in its own context`() throws {
        var configuration = Node.Configuration.traced
        configuration.messageBytesMax = 1_000
        let sound = Grove(configuration: configuration)
        let outcome = sound.call("echo", on: sound.grow("db"), [.text(Text(String(repeating: "x", count: 2_000)))])
        guard case .failed = outcome else { return #expect(Bool(false), "it was sent") }

        let grove = Grove(defects: ["web": "drop-oversized"], configuration: configuration.forAll)
        let (db, web) = (grove.grow("db"), grove.grow("web"))
        grove.begin("echo", on: db, [.text(Text(String(repeating: "x", count: 2_000)))], from: web)
        grove.run()
        let found = try #require(Outlook(grove.records).explanation)
        #expect(found.because == .requestDropped && found.waits == "web" && found.lostAt == "web")
        #expect(found.story == ["web dropped the request (too-large) and sent no dead message back."])
    }
}

extension Node.Configuration {
    /// The same, for a tree in which everybody may call everybody.
    fileprivate var forAll: Node.Configuration {
        var configuration = self
        configuration.callers = .anyone
        return configuration
    }
}
