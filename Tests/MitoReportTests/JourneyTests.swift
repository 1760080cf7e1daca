import MitoCore
import MitoReport
import MitoTrace
import Testing

@Suite struct JourneyTests {
    @Test func `a request and its reply are followed hop by hop`() throws {
        var script = Script()
        let call = script.call(Who.db, "report", from: Who.master)
        script.answer(call, "42")
        let trace = script.trace
        let seen = try #require(trace.calls.first)
        #expect(trace.request(of: seen).path == [Who.master, Who.bastion, Who.rack, Who.db])
        #expect(trace.request(of: seen).end == .delivered(at: Who.db))
        #expect(trace.replies(to: seen).map(\.path) == [[Who.db, Who.rack, Who.bastion, Who.master]])
    }

    @Test func `a call is followed past others on the same links`() throws {
        var script = Script()
        _ = script.call(Who.web, "echo", from: Who.master, stop: .lost(from: Who.bastion))
        _ = script.call(Who.db, "report", from: Who.master)
        let ends = script.trace.calls.map { script.trace.request(of: $0).end }
        let frame = FrameName(link: Who.rack, upward: false, ordinal: 1)
        #expect(ends == [.underway(frame, from: Who.bastion, to: Who.rack), .delivered(at: Who.db)])
    }

    @Test func `an earlier moment knows less`() throws {
        var script = Script()
        let call = script.call(Who.db, "report", from: Who.web)
        let middle = script.records.count
        script.answer(call, "42")
        let trace = script.trace.before(middle)
        let seen = try #require(trace.calls.first)
        #expect(trace.isPending(seen) && trace.replies(to: seen).isEmpty)
    }

    @Test func `the tree is read from the trace`() {
        let tree = Script().trace.tree
        #expect(tree.contexts.map(tree.name) == Who.names)
        #expect(tree.path(from: Who.web, to: Who.db) == [Who.web, Who.rack, Who.db])
        #expect(tree.children(of: Who.rack) == [Who.web, Who.db])
        #expect(tree.context(named: "rack") == Who.rack)
    }

    @Test func `routes are known for any moment`() {
        var script = Script()
        script.note(.routeAdded, in: Who.rack) { ($0.subject, $0.link) = (Who.db, Who.db) }
        let before = script.records.count
        _ = script.kill(Who.db)
        #expect(script.trace.routes(of: Who.rack).isEmpty)
        #expect(script.trace.before(before).routes(of: Who.rack) == [Route(to: Who.db, through: Who.db)])
    }

    @Test func `a trace that goes in circles ends all the same`() {
        var event = Event(.frameOut)
        (event.link, event.ordinal, event.step, event.cause) = (Who.web, 1, 1, 2)
        var back = event
        (back.kind, back.step, back.cause) = (.frameIn, 2, 0)
        let records = [event, back].map { TraceRecord(index: 1, context: Who.web, event: $0, hash: 0) }
        #expect(Trace(records).journey(from: 0).end == .vanished(at: Who.web))
    }
}
