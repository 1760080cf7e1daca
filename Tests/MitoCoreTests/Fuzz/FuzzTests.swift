import Testing

@testable import mito_fuzz

/// A slice of what `make fuzz` does at length.
struct FuzzTests {
    @Test(.timeLimit(.minutes(5)), arguments: [1, 2])
    func `spoilt input breaks no decoder`(_ seed: UInt64) throws {
        var fuzzer = Fuzzer(seed: seed)
        for number in 0..<20_000 { try fuzzer.run(number) }
        #expect(fuzzer.tally.deepPercent >= 30)
    }

    @Test func `a case follows from the seed and its number alone`() throws {
        var whole = Fuzzer(seed: 3)
        for number in 0..<200 { try whole.run(number) }
        var parts = Fuzzer(seed: 3)
        for number in (0..<200).reversed() { try parts.run(number) }
        #expect(whole.tally == parts.tally)
    }
}
