import Foundation
import MitoCore
import Testing

@testable import mito_fuzz

/// Every value goes to the original and back: ours writes, Python reads as Mitogen does and writes again, ours reads.
struct PythonRoundTripTests {
    private static let values: [Value] = {
        var generator = ValueGenerator(seed: 11)
        return (0..<20_000).map { _ in generator.value() }
    }()
    private static let payloads = values.map { $0.pickled() }

    @Test(.timeLimit(.minutes(10)), arguments: PythonInterpreter.all)
    func `twenty thousand values come back from Python as they were`(_ python: PythonInterpreter) async throws {
        let answers = try await python.echo(Self.payloads)
        #expect(answers.count == Self.values.count)
        let different = zip(Self.values, answers).enumerated().lazy.filter { _, pair in
            !python.isSame(pair.0, pair.1)
        }
        for (number, (value, answer)) in different.prefix(3) {
            Issue.record("value \(number) went out as \(value.description(limit: 300)) and came back as \(answer)")
        }
    }

    @Test(arguments: PythonInterpreter.all)
    func `several values of one payload come back through one memo`(_ python: PythonInterpreter) async throws {
        let values: [Value] = ["same text", .list(["same text", 1]), .bytes([1, 2, 3]), .none, .tuple(["same text"])]
        guard case .values(let back)? = try await python.echo([Value.pickled(values)]).first else {
            Issue.record("the payload was refused")
            return
        }
        #expect(back == values)
    }

    @Test func `every Python from 2.7 on that this machine has is tried`() {
        #expect(!PythonInterpreter.all.isEmpty, "no python3 on the PATH, and none under ~/.pyenv/versions")
    }
}
