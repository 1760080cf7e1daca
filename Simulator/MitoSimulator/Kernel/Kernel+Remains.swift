import MitoCore

/// What is left of a world, and what it failed to do.
extension Kernel {
    /// Processes that were started, or are to be, and have not ended; then the code in them that has not.
    var remains: [Remains] {
        hosts.filter { if case .ended = $0.state { false } else { true } }
            .map { Remains(.process, of: $0.id, "the process of context \($0.id)") }
            + waits().map { Remains(.task, of: $0.context, $0.code) }
    }

    /// Has what this driver was to fail to do come up, and was not done?
    var hasOmitted: Bool { omission?.isOver ?? false }
}
