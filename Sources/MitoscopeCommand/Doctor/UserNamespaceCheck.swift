import Foundation
import MitoLinux

/// Can a process have a user namespace and a network of its own without being root? The world `lab` is made of them.
struct UserNamespaceCheck: MachineCheck {
    let name = "namespaces"

    func look() -> MachineFinding {
        let ns = ProgramRun(ShippedProgram.ns.path, ["create", "--new", "user,net", "--", "true"])
        guard let tried = ns ?? ProgramRun("unshare", ["--user", "--map-root-user", "--net", "true"]) else {
            return .no("neither mito-ns nor `unshare` is there to try it", remedy: NamespaceHelperCheck.remedy)
        }
        let who = geteuid() == 0 ? ", by the superuser" : ""
        if tried.status == 0 { return .yes("a user and a network namespace were made\(who)") }
        return .no(tried.firstLine, remedy: remedy)
    }

    private var remedy: String {
        UserNamespaceObstacle.found?.remedy
            ?? "a container must be given them by who started it; nothing but the world `lab` needs them"
    }
}
