import CMitoLinux
import Glibc
import MitoLinux

/// Namespaces that are there already: first all of them are opened and looked at, then they are joined.
///
/// What can be decided is decided before the first call that changes anything; a refusal from then on ends the process.
struct ExistingNamespaces {
    private let process: HeldProcess?
    /// Those that are not ours already, in the order in which they are joined.
    private let namespaces: [Namespace]
    private let root: RootDirectory?
    private let request: Request.Entry
    /// Our own `/proc/PID`, which is looked at when ours may not be there any more.
    private let own: Shared<FileDescriptor>

    /// Opens what is asked for, and joins nothing.
    init(_ request: Request.Entry, _ privileges: inout Privileges) throws(Refusal) {
        let process = try request.process.map { source throws(Refusal) in try Self.hold(source) }
        do throws(Refusal) {
            try self.init(request, of: process, &privileges)
        } catch {
            // What it left behind in /proc fails in its own way.
            if let process, !process.isAlive { throw Self.ended(process) }
            throw error
        }
    }

    private init(
        _ request: Request.Entry, of process: HeldProcess?, _ privileges: inout Privileges
    ) throws(Refusal) {
        self.request = request
        self.process = process
        own = Shared(
            try during(.open, "/proc, without which nothing can be told apart") { () throws(SystemError) in
                FileDescriptor(
                    owning: try system("open") { mito_open_folder(AT_FDCWD, "/proc/self", 1) })
            })
        var opened: [Namespace] = []
        for kind in NamespaceKind.allCases {
            if let place = request.namespaces[kind] {
                opened.append(try Self.open(kind, at: place, &privileges))
            } else if let process, request.only?.contains(kind) ?? true,
                let namespace = try Self.open(kind, of: process, isAsked: request.only != nil, &privileges)
            {
                opened.append(namespace)
            }
        }
        var others: [Namespace] = []
        for namespace in opened where try namespace.identity != Self.identity(namespace.kind, own) {
            others.append(namespace)
        }
        namespaces = others
        switch request.root {
        case .kept: root = nil
        case .path(let path): root = try RootDirectory(at: path)
        case .ofProcess:
            let isAsked = request.only.map { $0.contains(.mount) } ?? true
            root = isAsked ? try process.map { held throws(Refusal) in try RootDirectory(of: held, &privileges) } : nil
        }
        try checkAlive()
    }

    /// Must a child be made, since the namespaces joined are those of children only?
    var isForChildren: Bool { namespaces.contains { $0.kind == .pid } }

    /// Is the user namespace another one?
    var changesUsers: Bool { namespaces.contains { $0.kind == .user } }

    /// Joins everything, and takes over the root directory.
    func join(_ privileges: inout Privileges) throws(Refusal) {
        try checkAlive()
        if !namespaces.isEmpty { try joinNamespaces(&privileges) }
        try checkAlive()
        try root?.enter(&privileges)
    }

    private func joinNamespaces(_ privileges: inout Privileges) throws(Refusal) {
        if let process, request.namespaces.isEmpty, try joinAtOnce(process, &privileges) {
            // The kernel took those that the process was in just then.
            for namespace in namespaces where try namespace.identity != Self.identity(namespace.kind, own) {
                throw Refusal(
                    .join, code: ESTALE,
                    "process \(process.pid) changed its \(namespace.kind) namespace while it was joined")
            }
            return
        }
        // Who may join all of them from here joins that of the users last, as it takes away the right to those that do
        // not belong to it; who may not joins it first, as it gives the right to those that do.
        let isPrivileged = privileges.permitted.contains(.administer)
        let user = namespaces.filter { $0.kind == .user }
        let others = namespaces.filter { $0.kind != .user }
        for namespace in isPrivileged ? others + user : user + others {
            try privileges.perform(
                namespace.kind == .mount ? .joinMounts : .joinNamespaces, .join, "the \(namespace.kind) namespace",
                becomesOwner: namespace.kind == .user
            ) { mito_setns(namespace.number, namespace.kind.flag) }
        }
    }

    /// One call that joins all of them or none. False where the kernel does not know it, or asks for more than where
    /// they are joined one by one: to look once more into another user's process, whose namespaces are open already.
    private func joinAtOnce(_ process: HeldProcess, _ privileges: inout Privileges) throws(Refusal) -> Bool {
        let flags = namespaces.reduce(0) { $0 | $1.kind.flag }
        let names = namespaces.map(\.kind.rawValue).joined(separator: ", ")
        do throws(Refusal) {
            try privileges.perform(
                namespaces.contains { $0.kind == .mount } ? .joinMounts : .joinNamespaces, .join,
                "the namespaces of process \(process.pid) (\(names))", becomesOwner: changesUsers
            ) { mito_setns(process.number, flags) }
            return true
        } catch {
            guard error.code == EINVAL || error.code == EPERM else { throw error }
            return false
        }
    }

    private func checkAlive() throws(Refusal) {
        if let process, !process.isAlive { throw Self.ended(process) }
    }

    private static func ended(_ process: HeldProcess) -> Refusal {
        Refusal(.open, code: ESRCH, "process \(process.pid) has ended")
    }
}

extension ExistingNamespaces {
    private static func hold(_ source: Request.Entry.Source) throws(Refusal) -> HeldProcess {
        switch source {
        case .pid(let pid):
            return try during(.open, "process \(pid)") { () throws(SystemError) in try HeldProcess(pid: pid) }
        case .pidfd:
            let number = NamespaceContract.process
            return try during(.open, "descriptor \(number), which is to be a pidfd") { () throws(SystemError) in
                try HeldProcess(handle: FileDescriptor(owning: number))
            }
        }
    }

    /// nil = the kernel has no such namespaces, and nobody asked for it by name.
    private static func open(
        _ kind: NamespaceKind, of process: HeldProcess, isAsked: Bool, _ privileges: inout Privileges
    ) throws(Refusal) -> Namespace? {
        let what = "the \(kind) namespace of process \(process.pid)"
        let number: Int32
        do throws(Refusal) {
            number = try privileges.perform(.lookIntoProcess, .open, what) {
                openat(process.folderNumber, "ns/\(kind.procName)", O_RDONLY | O_CLOEXEC)
            }
        } catch {
            if error.code == ENOENT, !isAsked { return nil }
            throw error
        }
        return try check(kind, FileDescriptor(owning: number), what)
    }

    private static func open(
        _ kind: NamespaceKind, at place: Request.Entry.Place, _ privileges: inout Privileges
    ) throws(Refusal) -> Namespace {
        switch place {
        case .path(let path):
            return try check(kind, PlainPath.open(path, &privileges), "\(path), which is to be a \(kind) namespace")
        case .descriptor(let number):
            let copy = try during(.open, "descriptor \(number)") { () throws(SystemError) in
                try FileDescriptor.duplicate(of: number)
            }
            return try check(kind, copy, "descriptor \(number), which is to be a \(kind) namespace")
        }
    }

    private static func check(
        _ kind: NamespaceKind, _ descriptor: consuming FileDescriptor, _ what: String
    ) throws(Refusal) -> Namespace {
        do throws(Namespace.Defect) {
            return try Namespace(kind, of: descriptor)
        } catch {
            if case .failed(let error) = error { throw Refusal(.open, error, what) }
            throw Refusal(.open, code: EINVAL, "\(what): \(error)")
        }
    }

    private static func identity(
        _ kind: NamespaceKind, _ own: Shared<FileDescriptor>
    ) throws(Refusal) -> Namespace.Identity {
        // The pid namespace joined shows there; a process stays where it is itself.
        let name = kind == .pid ? "pid_for_children" : kind.procName
        return try during(.open, "our own \(kind) namespace") { () throws(SystemError) in
            try Namespace.Identity(of: "ns/\(name)", below: own.number)
        }
    }
}
