import MitoCore
import MitoLinux
import Mitoscope

/// How a thread that blocks for an answer drives the loop itself until the answer is there.
///
/// Waking another thread costs more than what it is woken for. So a blocking caller does its own job and reads the links
/// by itself, while the loop's thread stands by; that one goes back to work when somebody submits a job, when there is
/// something that only it may do, or when for a while nobody has blocked.
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

    /// Puts a job and waits for what comes of it; nil when nobody will do it.
    func submit<Value>(_ job: Loop.Job, awaiting answer: Answer<Value>) -> Value? {
        let isGuest = mailbox.takeOver()
        guard mailbox.put(job) else {
            if isGuest { mailbox.giveBack(isOwnerNeeded: true) }
            return nil
        }
        if isGuest { drive(until: answer) }
        return answer.value ?? wait(for: answer)
    }

    private func wait<Value>(for answer: Answer<Value>) -> Value {
        let parker = Parkers.current
        while true {
            if let value = answer.value(orUnpark: parker) { return value }
            mailbox.addCandidate(parker)
            parker.park(timeout: nil)
            mailbox.removeCandidate(parker)
            if answer.value == nil, mailbox.takeOver() { drive(until: answer) }
        }
    }

    /// Takes turns until the answer is there, or the loop needs its own thread.
    private func drive<Value>(until answer: Answer<Value>) {
        Thread.withoutBrokenPipeSignal {
            loop.isGuided = true
            loop.doJobs()
            while answer.value == nil, !loop.needsOwnThread { loop.takeTurn() }
            loop.isGuided = false
        }
        mailbox.giveBack(isOwnerNeeded: loop.needsOwnThread)
    }
}
