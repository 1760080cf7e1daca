import MitoCore
import MitoLinux
import Mitoscope
import Synchronization

/// How a thread that blocks for an answer drives the loop itself until the answer is there.
///
/// Waking another thread costs more than what it is woken for. So a blocking caller does its own job and reads the
/// links by itself, while the loop's thread stands by; that one goes back to work when somebody submits a job, when
/// there is something that only it may do, or when for a while nobody has blocked.
///
/// `@unchecked`: the loop is only touched by its mailbox's reader, which is one thread at a time.
final class Helm: @unchecked Sendable {
    private var loop: Loop
    private let mailbox: Mailbox<Loop.Job>

    init(_ loop: consuming sending Loop) {
        mailbox = loop.mailbox
        self.loop = loop
    }

    /// Drives the context to its end, on the calling thread: returns when every link is closed and every child is gone.
    func run() -> ExitReason {
        loop.begin()
        while true {
            if let reason = loop.finish() { return reason }
            loop.takeTurn()
            // Whoever takes over has the loop to himself: nothing of it is in use here meanwhile.
            if mailbox.hasCandidate, !loop.needsOwnThread { mailbox.standBy(pause: Self.pause) }
        }
    }

    /// Puts a job and waits for what it leads to; false when nobody will do it.
    func submit(_ job: Loop.Job, awaiting arrival: Arrival) -> Bool {
        let isGuest = mailbox.takeOver()
        guard mailbox.put(job) else {
            if isGuest { mailbox.giveBack(isOwnerNeeded: true) }
            return false
        }
        if isGuest { drive(until: arrival, deadline: nil) }
        wait(until: arrival, deadline: nil)
        return true
    }

    /// Blocks this thread until the arrival: true, or until the deadline: false.
    @discardableResult
    func wait(until arrival: Arrival, deadline: Instant?) -> Bool {
        let parker = Parkers.current
        while !arrival.hasHappened(orUnpark: parker) {
            if let deadline, deadline <= .monotonic { return false }
            if mailbox.takeOver() {
                drive(until: arrival, deadline: deadline)
            } else {
                mailbox.addCandidate(parker)
                parker.park(timeout: deadline.map { max(.zero, $0 - .monotonic) })
                mailbox.removeCandidate(parker)
            }
        }
        return true
    }

    /// Another thread has brought what a guest may be waiting for.
    func nudge() { mailbox.nudge() }

    /// Takes turns until the answer is there, or the time is over, or the loop needs its own thread.
    private func drive(until arrival: Arrival, deadline: Instant?) {
        loop.beGuided(until: arrival, deadline)
        mailbox.giveBack(isOwnerNeeded: loop.needsOwnThread)
    }

    private static let pause = Duration.milliseconds(1)
}

/// Parks a thread of the program by letting it drive the loop until it is unparked: for one wait after another.
final class HelmParker: Parker {
    private let helm: Helm
    private let arrival = Mutex(Arrival())

    init(_ helm: Helm) { self.helm = helm }

    func park(timeout: Duration?) -> Bool {
        let awaited = arrival.withLock { $0 }
        guard helm.wait(until: awaited, deadline: timeout.map { .monotonic + $0 }) else { return false }
        arrival.withLock { $0 = Arrival() }
        return true
    }

    func unpark() {
        arrival.withLock { $0 }.happen()
        helm.nudge()
    }
}
