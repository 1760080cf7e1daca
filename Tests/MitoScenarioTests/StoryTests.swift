import MitoCore
import Testing

@testable import MitoScenario

/// The engine alone: records and times go in, what is to be done comes out.
struct StoryTests {
    private func story(_ text: String) throws -> Story {
        Story(try Fixtures.scenario(story: text).story, at: .start)
    }

    private func drain(_ story: inout Story) -> [String] {
        var names: [String] = []
        while let entry = story.poll() { names.append(entry.name) }
        return names
    }

    @Test func `entries without a time follow each other at once`() throws {
        var story = try story("[ { call: db.echo, as: a }, { call: db.echo, as: b } ]")
        #expect(drain(&story) == ["a", "b"])
        #expect(story.isTold)
        #expect(story.openCalls == ["a", "b"])
    }

    @Test func `an entry with a time waits for it`() throws {
        var story = try story("[ { call: db.echo, as: a }, { kill: db, at: 10ms, plus: 5ms, as: b } ]")
        #expect(drain(&story) == ["a"])
        #expect(story.deadline == .start + .milliseconds(15))
        story.expired(at: .start + .milliseconds(14))
        #expect(drain(&story) == [])
        story.expired(at: .start + .milliseconds(15))
        #expect(drain(&story) == ["b"])
        #expect(story.deadline == nil)
    }

    @Test func `an entry after running waits until the function runs`() throws {
        var story = try story("[ { call: db.echo, as: a }, { kill: db, after: { a: running }, as: b } ]")
        #expect(drain(&story) == ["a"])
        story.observed(Fixtures.started("a"))
        #expect(drain(&story) == [])
        story.observed(Fixtures.running(at: 3))
        #expect(drain(&story) == ["b"])
    }

    @Test func `an entry after the end is not fooled by another call's end`() throws {
        var story = try story(
            "[ { call: db.echo, as: a }, { call: db.echo, as: b }, { kill: db, after: { a: ended }, as: c } ]")
        #expect(drain(&story) == ["a", "b"])
        story.observed(Fixtures.started("a"))
        story.observed(Fixtures.ended("b", "1", at: 4))
        #expect(drain(&story) == [])
        #expect(story.openCalls == ["a"])
        story.observed(Fixtures.ended("a", "1", at: 5))
        #expect(drain(&story) == ["c"])
    }

    @Test func `plus counts from the event`() throws {
        var story = try story("[ { call: db.echo, as: a }, { kill: db, after: { a: ended }, plus: 10ms, as: b } ]")
        #expect(drain(&story) == ["a"])
        story.observed(Fixtures.started("a"))
        story.observed(Fixtures.ended("a", "1", at: 5))
        #expect(story.deadline == .start + .milliseconds(15))
    }

    @Test func `a kill has ended when its parent sees the link go`() throws {
        var story = try story("[ { kill: db, as: a }, { call: web.echo, after: { a: ended }, as: b } ]")
        #expect(drain(&story) == ["a"])
        story.observed(Fixtures.mark("a", "kill db", on: Fixtures.db, at: 1))
        #expect(drain(&story) == [])
        story.observed(Fixtures.record(.linkDown, at: 2) { $0.subject = Fixtures.db })
        #expect(drain(&story) == ["b"])
    }

    @Test func `an entry whose event never comes stays`() throws {
        var story = try story("[ { call: db.echo, as: a }, { kill: db, after: { a: running }, as: b } ]")
        #expect(drain(&story) == ["a"])
        story.observed(Fixtures.started("a"))
        story.observed(Fixtures.ended("a", "ChannelError: gone", .noRoute, at: 1))
        #expect(drain(&story) == [])
        #expect(!story.isTold)
        #expect(story.openCalls.isEmpty)
        #expect(story.waiting.map(\.name) == ["b"])
    }
}
