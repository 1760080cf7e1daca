import Foundation
import Synchronization

/// Ctrl-C and its kin: the first asks the run to end in order, the second ends the process.
enum Interruption {
    private static let isAsked = Atomic(false)

    /// Was the process asked to end?
    static var hasCome: Bool { isAsked.load(ordering: .relaxed) }

    static func catchSignals() {
        // Whoever started us may have had them blocked, and a blocked signal is inherited.
        var ours = sigset_t()
        sigemptyset(&ours)
        for number in [SIGINT, SIGTERM, SIGHUP] {
            sigaddset(&ours, number)
            signal(number) { number in
                Interruption.isAsked.store(true, ordering: .relaxed)
                signal(number, SIG_DFL)
            }
        }
        pthread_sigmask(SIG_UNBLOCK, &ours, nil)
        // A reader that goes away shows as a failed write.
        signal(SIGPIPE, SIG_IGN)
    }
}
