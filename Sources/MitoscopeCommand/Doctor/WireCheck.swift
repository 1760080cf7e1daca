import MitoLinux

/// Can the links of a lab be made: pairs of interfaces, and sockets that take their packets? Each is tried in a network
/// namespace of its own.
struct WireCheck: MachineCheck {
    let name: String
    private let remedy: String

    static let veth = WireCheck(name: "veth", remedy: "modprobe veth; the kernel needs CONFIG_VETH")
    static let packets = WireCheck(name: "packets", remedy: "modprobe af_packet; the kernel needs CONFIG_PACKET")

    func look() -> MachineFinding {
        let (ns, lab) = (ShippedProgram.ns.path, ShippedProgram.lab.path)
        // The program is handed over as a descriptor, as in a lab: its path may lead nowhere in new namespaces.
        let words = [
            "-c", "lab=$1; shift; exec \"$@\" 4<\"$lab\"", "sh", lab, ns, "create", "--new", "user,net",
            "--keep-capability", "net_admin", "--keep-capability", "net_raw", "--image", "--", "mito-lab", "probe",
        ]
        guard Machine.isProgram(ns), let tried = ProgramRun("sh", words) else {
            return .no("mito-ns is not there to try it", remedy: NamespaceHelperCheck.remedy)
        }
        // One line for each: `veth: works`.
        let answer = tried.output.split(separator: "\n").first { $0.hasPrefix("\(name): ") }
        guard let answer else { return .no(tried.firstLine, remedy: "the line `namespaces` says what lacks") }
        let what = String(answer.dropFirst(name.count + 2))
        return what == "works" ? .yes("works without root") : .no(what, remedy: remedy)
    }
}
