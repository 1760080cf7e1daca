import CMitoLinux
import Glibc
import MitoLinux

/// Namespaces that are made: all in one call, and then what belongs into them.
struct NewNamespaces {
    private let request: Request.Creation

    init(_ request: Request.Creation) { self.request = request }

    /// Must a child be made, since some are those of children only?
    var isForChildren: Bool { request.kinds.contains(.pid) || request.kinds.contains(.time) }

    /// Leaves the namespaces that this process is in for new ones, and says who the users of the new one are.
    func make(_ privileges: inout Privileges) throws(Refusal) {
        let flags = request.kinds.reduce(0) { $0 | $1.flag }
        let names = request.kinds.sorted().map(\.rawValue).joined(separator: ", ")
        let what = "new namespaces (\(names))"
        guard request.kinds.contains(.user) else {
            try privileges.perform(.makeNamespaces, .create, what) { mito_unshare(flags) }
            return
        }
        let mapping = IDMapping(request)
        // Whoever writes the maps of other users than the caller stands outside, with what he may do there.
        let writer = mapping.isOwn ? nil : try MapWriter(mapping, privileges)
        do throws(Refusal) {
            try privileges.perform(
                writer == nil && mapping.hasSuperuser ? .makeForSuperuser : .makeNamespaces, .create, what,
                becomesOwner: true
            ) { mito_unshare(flags) }
        } catch {
            // It takes no privilege: somebody forbids it, and more rights are the wrong advice.
            guard error.code == EPERM || error.code == ENOSPC, let obstacle = UserNamespaceObstacle.found else {
                throw error
            }
            throw Refusal(
                .create, code: error.code, status: NamespaceContract.forbiddenStatus,
                "\(what): \(obstacle.why); \(obstacle.remedy)")
        }
        if let writer { try writer.write() } else { try mapping.writeOwn(&privileges) }
    }

    /// What belongs into the new namespaces, in the process that lives in all of them.
    func furnish(_ privileges: inout Privileges) throws(Refusal) {
        if let name = request.hostname {
            try privileges.perform(.nameHost, .create, "the host name `\(name)`") { sethostname(name, name.utf8.count) }
        }
        if request.mountsProc || request.hasPrivateMounts {
            try privileges.perform(.mount, .create, "mounts of its own") { mito_make_mounts_private() }
        }
        if request.mountsProc { try privileges.perform(.mount, .create, "its own /proc") { mito_mount_proc() } }
    }
}
