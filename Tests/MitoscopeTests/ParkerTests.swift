import MitoCore
import Mitoscope
import Synchronization
import Testing

@Suite struct ParkerTests {
    @Test func `a thread that was unparked before does not park`() {
        let parker = Parkers.current
        parker.unpark()
        #expect(parker.park(timeout: nil))
    }

    @Test func `a thread that nobody unparks goes on when the time is over`() {
        #expect(Parkers.current.park(timeout: .milliseconds(1)) == false)
    }

    @Test func `an answer that was given is there without parking`() {
        let answer = Answer<Int>()
        answer.give(1)
        answer.give(2)
        #expect(Parkers.with(NeverParker()) { answer.wait() } == 1)
    }

    @Test func `a wait goes through the parker that its thread was given`() {
        let answer = Answer<Int>()
        let parker = GivingParker { answer.give(42) }
        #expect(Parkers.with(parker) { answer.wait() } == 42)
        #expect(parker.parks == 1)
    }
}

private final class NeverParker: Parker {
    func park(timeout: MitoCore.Duration?) -> Bool {
        Issue.record("this thread has nothing to wait for")
        return true
    }

    func unpark() {}
}

/// Does something instead of blocking.
private final class GivingParker: Parker {
    private let count = Mutex(0)
    private let body: @Sendable () -> Void

    init(_ body: @escaping @Sendable () -> Void) { self.body = body }

    var parks: Int { count.withLock { $0 } }

    func park(timeout: MitoCore.Duration?) -> Bool {
        count.withLock { $0 += 1 }
        body()
        return true
    }

    func unpark() {}
}
