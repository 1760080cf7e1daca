import Foundation

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

    /// What forbids it on the systems that are known to: Ubuntu by AppArmor, Debian formerly, and whoever sets none.
    private var remedy: String {
        let restricted = KernelSetting("kernel/apparmor_restrict_unprivileged_userns")
        let cloned = KernelSetting("kernel/unprivileged_userns_clone")
        let most = KernelSetting("user/max_user_namespaces")
        if restricted.number == 1 { return restricted.command(settingTo: 0) + ", or an AppArmor profile for mitoscope" }
        if cloned.number == 0 { return cloned.command(settingTo: 1) }
        if most.number == 0 { return most.command(settingTo: 10_000) }
        return "a container must be given them by who started it; nothing but the world `lab` needs them"
    }
}
