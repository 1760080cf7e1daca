public import MitoLab
public import MitoTrace

/// The world of real processes on hosts of their own: each context is in a network namespace, speaks TCP with its
/// parent and its children, and its links are the lab's wire.
///
/// It is told and judged as the live world is; only how a context is reached, and what is done to links, differs.
///
/// ```swift
/// let run = LabWorld.run(scenario, seed: 1, LabWorld.Settings(programs: programs))
/// ```
public enum LabWorld {
    /// What a run on this machine needs to know.
    public struct Settings: Sendable {
        /// What the lab is made with.
        public var programs: LabPrograms
        /// A folder in which what crosses each link is captured; nil = nothing is.
        public var captures: String?
        /// Compare this process's descriptors before and after. Only where nobody else opens any meanwhile.
        public var watchesDescriptors = false
        /// Asked now and then: should the run end now?
        public var isInterrupted: @Sendable () -> Bool = { false }

        public init(programs: LabPrograms) { self.programs = programs }
    }

    /// Tells the scenario once. `onRecord` sees each record as it is read, so that somebody may watch.
    public static func run(
        _ scenario: Scenario, seed: UInt64, _ settings: Settings, onRecord: @escaping (TraceRecord) -> Void = { _ in }
    ) -> Run {
        var live = LiveWorld.Settings(image: settings.programs.agent)
        live.watchesDescriptors = settings.watchesDescriptors
        live.isInterrupted = settings.isInterrupted
        return LiveWorld.run(scenario, seed: seed, live, in: .lab, onRecord: onRecord) {
            try LabGrounds(scenario, seed: seed, settings)
        }
    }
}
