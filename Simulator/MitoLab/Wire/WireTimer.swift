import CMitoLab
import MitoCore
import MitoLinux

/// Becomes readable at a moment, to the precision of the machine's timers.
struct WireTimer: ~Copyable {
    private let descriptor: FileDescriptor
    private var set: Instant?

    init() throws(SystemError) {
        descriptor = FileDescriptor(owning: try system("timerfd_create") { mito_lab_timer() })
    }

    var number: Int32 { descriptor.number }

    /// Sets the moment; nil = never. One that is over makes it readable at once.
    mutating func set(_ moment: Instant?) throws(SystemError) {
        guard moment != set else { return }
        set = moment
        let (number, nanoseconds) = (number, max(1, moment?.nanoseconds ?? 0))
        try system("timerfd_settime") { mito_lab_set_timer(number, moment == nil ? 0 : nanoseconds) }
    }

    /// It is not readable any more, until the moment that is set next.
    mutating func acknowledge() throws(SystemError) {
        set = nil
        let number = number
        try system("timerfd_settime") { mito_lab_set_timer(number, 0) }
    }
}
