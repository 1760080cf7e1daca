import MitoScenario

/// One thing that a machine can do or not. To look changes nothing.
///
/// ```swift
/// let finding = ProcessFilesCheck().look()
/// print(finding.isThere, finding.what, finding.remedy ?? "")
/// ```
protocol MachineCheck: Sendable {
    /// A word or two: `python3`.
    var name: String { get }
    /// Can no story run in `sim` or in `live` without it?
    var isRequired: Bool { get }

    /// Tries it.
    func look() -> MachineFinding
}

extension MachineCheck {
    var isRequired: Bool { false }
}

/// What a check saw.
struct MachineFinding: Hashable {
    var isThere: Bool
    /// What there is, or why it is not: `Python 3.11.7`, `not installed`.
    var what: String
    /// What to install or to set, where something lacks.
    var remedy: String?

    /// It works.
    static func yes(_ what: String) -> MachineFinding { MachineFinding(isThere: true, what: what) }

    /// It does not work, and this is how to get it.
    static func no(_ what: String, remedy: String) -> MachineFinding {
        MachineFinding(isThere: false, what: what, remedy: remedy)
    }
}

/// What `mitoscope doctor` looks at, in this order.
enum MachineChecks {
    static let all: [any MachineCheck] =
        [
            WorldCheck(world: .sim), WorldCheck(world: .live), ImageCheck(), ProcessFilesCheck(), DescriptorCheck(),
            ProcessCountCheck(), MemoryCheck(), WorldCheck(world: .lab), NamespaceHelperCheck(), UserNamespaceCheck(),
            WireCheck.veth, WireCheck.packets, TunnelCheck(), IDMapCheck(), PythonCheck(), MitogenCheck(),
        ] + ProgramCheck.all
}
