import Testing

@testable import MitoCore

/// How a caller's time-out reaches the function that it calls.
struct CallDeadlineTests {
    private var request = CallRequest("demo.f", on: ContextID(1), [1])

    /// The deadline that the child's function sees when its call's payload ends in `extra`.
    private func deadline(_ request: CallRequest, behind extra: [UInt8] = [], at now: Instant = .start) -> Instant? {
        var family = Family.pair()
        family.run = { _ in nil }
        family.now = now
        let payload = request.payload + extra
        let message = Message(
            to: ContextID(1), handle: .callFunction, replyTo: Handle(1000), encoding: .pickle, payload: payload)
        family.at(0) { $0.send(message, at: $1) }
        for case (1, .run(let invocation)) in family.orders { return invocation.deadline }
        Issue.record("the function was not called")
        return nil
    }

    @Test func `a function is told when its caller gives up`() {
        var request = request
        request.timeout = .seconds(5)
        #expect(deadline(request, at: .start + .seconds(2)) == .start + .seconds(7))
        #expect(deadline(self.request) == nil)
    }

    @Test func `the time-out stands behind the call, where readers of one value never look`() throws {
        var request = request
        let plain = request.payload
        request.timeout = .milliseconds(250)
        #expect(request.payload.starts(with: plain))
        #expect(try Value(pickled: request.payload) == Value(pickled: plain))
        #expect(
            try Value(pickled: Array(request.payload.dropFirst(plain.count))) == .dict([.init("timeout", 250_000_000)]))
    }

    @Test func `what stands behind a call and makes no sense is passed over`() {
        #expect(deadline(request, behind: [0x80]) == nil)
        #expect(deadline(request, behind: Array("garbage".utf8)) == nil)
        #expect(deadline(request, behind: Value.list([1, 2]).pickled()) == nil)
        #expect(deadline(request, behind: Value.dict([.init("timeout", "soon")]).pickled()) == nil)
        #expect(deadline(request, behind: Value.dict([.init("other", 1)]).pickled()) == nil)
    }

    @Test func `a time-out out of all range is the nearest that there is`() {
        func timeout(_ nanoseconds: Int64) -> [UInt8] { Value.dict([.init("timeout", .int(nanoseconds))]).pickled() }
        #expect(deadline(request, behind: timeout(.min), at: .start + .seconds(1)) == .start + .seconds(1))
        #expect(deadline(request, behind: timeout(.max), at: .start + .seconds(1)) == Instant(nanoseconds: .max))
    }
}
