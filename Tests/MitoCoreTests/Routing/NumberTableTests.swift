import Testing

@testable import MitoCore

@Suite struct NumberTableTests {
    @Test func `a context is found under its id until it is removed`() {
        var table = NumberTable<ContextID, Int>()
        for id in 0..<1000 as Range<UInt32> { table[ContextID(id)] = Int(id) }
        for id in stride(from: 0, to: 1000, by: 3) as StrideTo<UInt32> { table[ContextID(id)] = nil }
        for id in 0..<1000 as Range<UInt32> { #expect(table[ContextID(id)] == (id % 3 == 0 ? nil : Int(id))) }
        #expect(table.count == 666)
    }

    @Test func `the later of two values counts, and counts once`() {
        var table = NumberTable<ContextID, Int>()
        table[ContextID(7)] = 1
        table[ContextID(7)] = 2
        #expect(table[ContextID(7)] == 2)
        #expect(table.count == 1)
    }

    @Test func `ids that all meet in one place are found like others`() {
        let meeting = (0..<100_000).map { UInt32($0) }.filter { hash(of: $0) & 0xFF == 5 }.map { ContextID($0) }
        #expect(meeting.count > 60)
        var table = NumberTable<ContextID, Int>()
        for (number, id) in meeting.enumerated() { table[id] = number }
        for (number, id) in meeting.enumerated() { #expect(table[id] == number) }
        for id in meeting { table[id] = nil }
        #expect(table.count == 0)
    }

    /// Where the table would look for an id first.
    private func hash(of id: UInt32) -> UInt64 { UInt64(id) &* 0x9E37_79B9_7F4A_7C15 >> 32 }
}
