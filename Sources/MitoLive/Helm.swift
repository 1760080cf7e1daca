import MitoCore
import MitoLinux
import Mitoscope

/// How a thread that blocks for an answer drives the loop itself until the answer is there.
///
/// Waking another thread costs more than what it is woken for. So a blocking caller does its own job and reads the
/// links by itself, while the loop's thread stands by; that one goes back to work when somebody submits a job, when
/// there is something that only it may do, or when for a while nobody has blocked.
///
/// `@unchecked`: the loop is only touched by its mailbox's reader, which is one thread at a time.
final class Helm: @unchecked Sendable {
    private let loop: Loop
    private let mailbox: Mailbox<Loop.Job>

    init(_ loop: Loop) {
        self.loop = loop
        mailbox = loop.mailbox
    }

    /// Drives the context to its end, on the calling thread.
    func run() -> ExitReason { loop.run() }

    /// Puts a job and waits for what it leads to; false when nobody will do it.
    func submit(_ job: Loop.Job, awaiting arrival: Arrival) -> Bool {
        let isGuest = mailbox.takeOver()
        guard mailbox.put(job) else {
            if isGuest { mailbox.giveBack(isOwnerNeeded: true) }
            return false
        }
        if isGuest { drive(until: arrival) }
        let parker = Parkers.current
        while !arrival.hasHappened(orUnpark: parker) {
            mailbox.addCandidate(parker)
            parker.park(timeout: nil)
            mailbox.removeCandidate(parker)
            if !arrival.hasHappened, mailbox.takeOver() { drive(until: arrival) }
        }
        return true
    }

    /// Takes turns until the answer is there, or the loop needs its own thread.
    private func drive(until arrival: Arrival) {
        loop.isGuided = true
        loop.doJobs()
        while !arrival.hasHappened, !loop.needsOwnThread { loop.takeTurn() }
        loop.isGuided = false
        mailbox.giveBack(isOwnerNeeded: loop.needsOwnThread)
    }
}
