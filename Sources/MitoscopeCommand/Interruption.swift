import Foundation
import Synchronization

/// Ctrl-C and its kin: the first asks the run to end in order, the second ends the process.
enum Interruption {
    private static let isAsked = Atomic(false)

    /// Was the process asked to end?
    static var hasCome: Bool { isAsked.load(ordering: .relaxed) }

    static func catchSignals() {
        for number in [SIGINT, SIGTERM, SIGHUP] {
            signal(number) { number in
                Interruption.isAsked.store(true, ordering: .relaxed)
                signal(number, SIG_DFL)
            }
        }
        // A reader that goes away shows as a failed write.
        signal(SIGPIPE, SIG_IGN)
    }
}
