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
        // A row for each thing that takes a privilege: does it have that?
        let rows = tried.output.split(separator: "\n").map { $0.drop { $0 == " " }.prefix { $0 != " " } }
        let (granted, missing) = (rows.count { $0 == "yes" }, rows.count { $0 == "no" })
        return .yes(
            missing == 0
                ? "may enter any container"
                : "has \(granted) of \(granted + missing) privileges for the containers of others; a lab needs none")
    }

    static let remedy = "`make run` builds it, \(ShippedProgram.ns.variable) names another"
}
