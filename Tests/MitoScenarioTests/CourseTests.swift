import MitoScenario
import Testing

/// What every lesson has.
struct CourseTests {
    static let lessons = Shipped.files.filter { $0.hasPrefix("Lessons/") }

    @Test(arguments: lessons)
    func `a lesson says what it teaches, and asks`(file: String) throws {
        let scenario = try Shipped.scenario(file)
        #expect(!scenario.teaches.isEmpty && scenario.question != nil)
        #expect(!scenario.expectations.isEmpty)
    }

    @Test func `the lessons are numbered without a gap`() {
        let numbers = Self.lessons.compactMap { Int($0.dropFirst(8).prefix(2)) }
        #expect(numbers == Array(1...Self.lessons.count))
    }

    @Test func `most lessons are told with real processes too`() throws {
        let live = try Self.lessons.filter { try Shipped.scenario($0).worlds.contains(.live) }
        #expect(live.count >= 14)
    }
}
