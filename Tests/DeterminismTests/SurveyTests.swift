import Testing

/// The example `survey`, an ordinary program: one result in both worlds, and in a simulation one run for one seed, in
/// any process and however the program was linked.
///
/// Hash seeds are left random, as everywhere.
@Suite struct SurveyTests {
    @Test func `one seed, one run of a program`() throws {
        var said: [String] = []
        for program in ["survey", "survey-static"] {
            for _ in 0..<10 { said.append(try output(of: program, "sim", "7")) }
        }
        let first = try #require(said.first)
        #expect(first.contains(/hash: [0-9a-f]+/))
        #expect(said.allSatisfy { $0 == first }, "\(Set(said))")
    }

    @Test func `another seed is another run with the same result`() throws {
        let runs = try (1...5).map { try output(of: "survey", "sim", "\($0)") }
        #expect(Set(runs).count == 5)
        #expect(Set(runs.map(result)).count == 1)
    }

    @Test func `among processes the result is the same`() throws {
        #expect(try result(output(of: "survey", "live")) == result(output(of: "survey", "sim", "1")))
    }

    /// What a run printed without its hash.
    private func result(_ output: String) -> [Substring] {
        output.split(separator: "\n").filter { !$0.hasPrefix("hash: ") }
    }
}
