import MitoCore
import Mitoscope

/// A loop as its functions see it: they reach it through its mailbox, as other threads do.
final class LoopWorld: World {
    private let mailbox: Mailbox<Loop.Job>

    init(_ mailbox: Mailbox<Loop.Job>) { self.mailbox = mailbox }

    func submit(_ label: StaticString, _ job: @escaping Work) -> Bool { mailbox.put(Loop.Job(label: label, body: job)) }

    var now: Instant { .monotonic }
}
