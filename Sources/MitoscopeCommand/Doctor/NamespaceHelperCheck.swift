import MitoLinux

/// Is the program there that makes and enters namespaces, and what may it do?
struct NamespaceHelperCheck: MachineCheck {
    let name = "mito-ns"

    func look() -> MachineFinding {
        let path = ShippedProgram.ns.path
        guard let tried = ProgramRun(path, ["capabilities"]) else {
            return .no("there is no program '\(path)'", remedy: Self.remedy)
        }
        guard tried.status == 0 else { return .no(tried.firstLine, remedy: "`\(path) capabilities` says more") }
        return .yes(tried.firstLine)
    }

    static let remedy = "`make run` builds it, \(ShippedProgram.ns.variable) names another"
}
