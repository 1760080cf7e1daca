import MitoScenario
import Testing

@Suite struct QuestionTests {
    private func scenario(asking question: String) throws -> Scenario {
        let rest = "contexts: { db: {} }\nstory: [ { kill: db } ]\n"
        return try Fixtures.scenario("mitoscope: 1\ntitle: t\nask: \(question)\n\(rest)")
    }

    @Test func `a question has choices, one of which is right, and a reason`() throws {
        let question = try scenario(asking: "{ question: q, choices: [a, b], answer: b, because: c }").question
        #expect(question == Question(text: "q", choices: ["a", "b"], answer: 1, because: "c"))
        #expect(try Fixtures.scenario(Fixtures.lesson).question == nil)
    }

    @Test(arguments: [
        ("{ question: q, choices: [a, b], answer: c, because: d }", "f:3:46: unknown answer 'c'"),
        ("{ question: q, choices: [a, a], answer: a, because: d }", "f:3:25: no choice: from 2 to 6"),
        ("{ question: q, choices: [a], answer: a, because: d }", "f:3:25: no choice: from 2 to 6"),
        ("{ choices: [a, b], answer: a, because: d }", "f:3:6: 'question' is missing"),
        ("{ question: q, choices: [a, b], answer: a }", "f:3:6: 'because' is missing"),
        ("why", "f:3:6: a question is a mapping, not text"),
    ])
    func `a mistake in a question is named where it stands`(question: String, error: String) {
        #expect { try scenario(asking: question) } throws: { "\($0)".hasPrefix(error) }
    }

    @Test func `a context can be told to let through only what concerns those above`() throws {
        let plan = try Fixtures.scenario(
            "mitoscope: 1\ntitle: t\ncontexts: { db: { unidirectional: true }, web: {} }\nstory: [ { kill: db } ]\n")
        #expect(plan.contexts.map(\.isUnidirectional) == [true, nil])
    }
}
