import MitoLinux

/// The programs that a lab is made with, by their paths.
///
/// ```swift
/// let programs = LabPrograms(ns: "/usr/bin/mito-ns", lab: "/usr/bin/mito-lab", agent: "/usr/bin/mito-agent")
/// ```
public struct LabPrograms: Hashable, Sendable {
    /// Makes namespaces and enters them.
    public var ns: String
    /// The lab's own.
    public var lab: String
    /// What contexts are.
    public var agent: String

    public init(ns: String, lab: String, agent: String) {
        (self.ns, self.lab, self.agent) = (ns, lab, agent)
    }

    /// Throws when one of them is not there, and says how it comes there.
    func check() throws(LabFailure) {
        let all = [
            (ns, "mito-ns", "MITOSCOPE_NS"), (lab, "mito-lab", "MITOSCOPE_LAB"),
            (agent, "mito-agent", "MITOSCOPE_AGENT"),
        ]
        for (path, name, variable) in all where !Machine.isProgram(path) {
            throw LabFailure(
                "there is no program '\(path)' to make a lab with: `swift build -c release --product \(name)` builds"
                    + " one, \(variable) names it; the mitoscope that `make dist` makes has it inside",
                isOfMachine: true)
        }
    }
}
