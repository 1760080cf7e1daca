import MitoCore
import MitoReport
import Testing

@Suite struct MermaidTests {
    private let participants = """
        sequenceDiagram
            participant c0 as master
            participant c1 as bastion
            participant c2 as rack
            participant c3 as web
            participant c4 as db

        """

    @Test func `a call is drawn hop by hop`() {
        var script = Script()
        let call = script.call(Who.db, "report", from: Who.web)
        script.answer(call, "42")
        #expect(
            Mermaid(script.trace).text == participants + """
                    c3->>c2: db.report
                    c2->>c4: db.report
                    Note over c4: runs report
                    c4-->>c2: answer to report
                    c2-->>c3: answer to report

                """)
    }

    @Test func `a loss and what is lost are drawn`() {
        var script = Script()
        _ = script.call(Who.db, "a;b#\n", from: Who.web, stop: .lost(from: Who.rack))
        let seen = script.kill(Who.db)
        _ = script.tell(Who.bastion, of: Who.db, from: Who.rack, cause: seen)
        #expect(
            Mermaid(script.trace).text == participants + """
                    c3->>c2: db.a,b,\u{20}
                    c2-xc4: db.a,b,\u{20}
                    Note over c4: is killed
                    c2-)c1: db is gone

                """)
    }

    @Test func `a long run is cut with a word`() {
        var script = Script()
        for _ in 0..<5 { script.answer(script.call(Who.db, "report", from: Who.web), "42") }
        #expect(Mermaid(script.trace, messagesMax: 3).text.hasSuffix("    Note over c0: and 22 more\n"))
    }
}
