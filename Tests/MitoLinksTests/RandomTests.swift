import MitoLinks
import Testing

@Suite struct RandomTests {
    @Test func `the first numbers of a stream are pinned`() {
        var random = Random(seed: 1, stream: "ties")
        let numbers = [random.next(), random.next(), random.next()]
        #expect(numbers == [12_610_931_904_904_696_915, 17_279_928_117_014_056_331, 15_071_043_900_751_103_434])
    }

    @Test func `a draw in one stream shifts no other`() {
        var quiet = Random(seed: 7, stream: "link 2 up delay")
        var other = Random(seed: 7, stream: "link 1 up delay")
        for _ in 0..<100 { _ = other.next() }
        let next = quiet.next()
        #expect([next] == numbers(1, seed: 7, "link 2 up delay"))
        #expect(numbers(8, seed: 7, "link 1 up delay") != numbers(8, seed: 7, "link 2 up delay"))
    }

    @Test func `another seed is another stream`() {
        #expect(numbers(8, seed: 1, "ties") != numbers(8, seed: 2, "ties"))
    }

    @Test func `a bounded draw stays below its bound and reaches all of it`() {
        var random = Random(seed: 3, stream: "dice")
        var seen = [Int](repeating: 0, count: 6)
        for _ in 0..<6_000 { seen[Int(random.below(6))] += 1 }
        #expect(seen.allSatisfy { (800...1_200).contains($0) })
        let only = random.below(1)
        #expect(only == 0)
    }

    @Test func `a bound above half of all numbers is met too`() {
        var random = Random(seed: 4, stream: "wide")
        let bound = UInt64.max / 2 + 2
        let drawn = (0..<1_000).map { _ in random.below(bound) }
        #expect(drawn.allSatisfy { $0 < bound })
    }

    @Test func `a ratio is met about as often as it says`() {
        var random = Random(seed: 5, stream: "chance")
        let hits = (0..<20_000).count { _ in random.chance(Ratio(1, 20)) }
        #expect((800...1_200).contains(hits))
        let never = (0..<100).count { _ in random.chance(Ratio(0, 1)) }
        let always = (0..<100).count { _ in random.chance(Ratio(1, 1)) }
        #expect(never == 0 && always == 100)
    }

    private func numbers(_ count: Int, seed: UInt64, _ stream: String) -> [UInt64] {
        var random = Random(seed: seed, stream: stream)
        return (0..<count).map { _ in random.next() }
    }
}
