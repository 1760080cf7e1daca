import Foundation

/// May this user have more users than itself in a namespace of its own?
struct IDMapCheck: MachineCheck {
    let name = "newuidmap"

    func look() -> MachineFinding {
        guard ProgramRun("newuidmap", []) != nil else {
            return .no(
                "not installed", remedy: "apt-get install uidmap; a lab has its owner's user alone, and does without")
        }
        if geteuid() == 0 { return .yes("installed; the superuser does without") }
        let user = NSUserName()
        let ranges = InputFile.bytes(of: "/etc/subuid", atMost: 1 << 20) ?? []
        let lines = String(decoding: ranges, as: UTF8.self).split(separator: "\n")
        guard let line = lines.first(where: { $0.hasPrefix("\(user):") || $0.hasPrefix("\(getuid()):") }) else {
            return .no(
                "\(user) has no range in /etc/subuid",
                remedy: "usermod --add-subuids 100000-165535 --add-subgids 100000-165535 \(user)")
        }
        return .yes("/etc/subuid: \(line)")
    }
}
