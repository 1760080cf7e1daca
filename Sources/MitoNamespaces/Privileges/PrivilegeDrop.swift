import CMitoLinux
import Glibc
import MitoLinux

/// The way from who this process is to who the program is: each step takes something away that the ones before needed.
struct PrivilegeDrop {
    private let identity: Identity?
    private let manner: Request.Manner

    /// - Parameter identity: nil = the same user as now.
    init(_ identity: Identity?, _ manner: Request.Manner) {
        self.identity = identity
        self.manner = manner
    }

    /// Bounding set, groups, user, then what is left of the capabilities, and last that nothing can be had again.
    func perform(_ privileges: inout Privileges) throws(Refusal) {
        try privileges.keep(manner.kept)
        if !manner.keepsBounding {
            for capability in CapabilitySets.bounding().elements {
                try privileges.perform(.dropBounding, .capabilities, "\(capability) in the bounding set") {
                    mito_drop_bounding(capability.number)
                }
            }
        }
        if let groups = manner.groups ?? identity?.groups, groups != Self.groups() {
            do throws(Refusal) {
                try privileges.setGroups(groups)
            } catch {
                // A user namespace that an ordinary user made lets nobody change them; whoever had a right to others
                // gave them up before he joined it. What was asked for by number is done or refused.
                let isDenied = error.code == EPERM && privileges.permitted.contains(.setGroup)
                guard isDenied, manner.groups == nil else { throw error }
            }
        }
        if let identity {
            let remark = manner.user == nil ? " of a user namespace that does not know who came; see --user" : ""
            try privileges.perform(.setGroup, .user, "group \(identity.group)\(remark)") {
                mito_set_group(identity.group)
            }
            _ = mito_keep_capabilities(1)
            try privileges.perform(.setUser, .user, "user \(identity.user)\(remark)") { mito_set_user(identity.user) }
            _ = mito_keep_capabilities(0)
        }
        try privileges.settle(keepsPermitted: manner.keepsBounding && geteuid() == 0)
        guard !manner.allowsNewPrivileges else { return }
        try during(.capabilities, "no-new-privileges") { () throws(SystemError) in
            try system("prctl") { mito_no_new_privileges() }
        }
    }

    private static func groups() -> [UInt32] {
        var groups = [gid_t](repeating: 0, count: 65536)
        return Array(groups.prefix(max(0, Int(getgroups(Int32(groups.count), &groups)))))
    }
}

extension Privileges {
    /// Gives this process these groups and no others, beside its own.
    mutating func setGroups(_ groups: [UInt32]) throws(Refusal) {
        try perform(.setGroups, .user, "the groups") { mito_set_groups(groups.count, groups) }
    }
}
