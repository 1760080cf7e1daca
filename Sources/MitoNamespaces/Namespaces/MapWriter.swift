import CMitoLinux
import Glibc
import MitoLinux

/// A process that stays outside of a user namespace until it is there, and then says who its users are: by itself where
/// it may, else through newuidmap and newgidmap, which know what the administrator lets a user have.
struct MapWriter {
    private let pid: Int32
    /// Closed by us when the namespace is there; the writer says how it went, and nothing when it went well.
    private let line: Shared<FileDescriptor>
    /// What SIGCHLD does otherwise: where it is ignored nobody learns how a child ended.
    private let wanted: sighandler_t?

    init(_ mapping: IDMapping, _ privileges: Privileges) throws(Refusal) {
        let pair = try during(.create, "a process that writes the maps") { () throws(SystemError) in try SocketPair() }
        let user = getpid()
        // Its files in /proc are the superuser's otherwise, where a file with capabilities made this process.
        _ = mito_set_dumpable(1)
        wanted = signal(SIGCHLD, SIG_DFL)
        let child = try during(.create, "a process that writes the maps") { () throws(SystemError) in
            try system("fork") { mito_fork() }
        }
        if child == 0 { Self.serve(pair.far, mapping, of: user, privileges) }
        pid = child
        line = Shared(pair.closingFar())
    }

    /// Lets it write, and waits until it has.
    func write() throws(Refusal) {
        _ = shutdown(line.number, Int32(SHUT_WR))
        var text: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while case let count = read(line.number, &buffer, buffer.count), count > 0, text.count < 65536 {
            text += buffer[..<count]
        }
        var status: Int32 = -1
        while waitpid(pid, &status, 0) < 0 && errno == EINTR {}
        signal(SIGCHLD, wanted)
        guard text.isEmpty, status == 0 else {
            let words = String(decoding: text, as: UTF8.self).split(separator: " ", maxSplits: 1)
            let exit = words.first.flatMap { Int32($0) } ?? NamespaceContract.failedStatus
            throw Refusal(
                .create, code: EPERM, status: exit, words.count == 2 ? String(words[1]) : "the maps were not written")
        }
    }

    /// What the writer does. It does not come back.
    private static func serve(
        _ line: borrowing FileDescriptor, _ mapping: IDMapping, of pid: Int32, _ privileges: Privileges
    ) {
        var privileges = privileges
        do throws(Refusal) {
            _ = mito_set_parent_death_signal(SIGKILL)
            // It may have ended before that.
            guard getppid() == pid, try waitForNamespace(line) else { _exit(0) }
            try write(
                mapping.users, "uid", mapping.hasSuperuser ? .openSuperuserMap : .openUserMap, .mapUsers, pid,
                &privileges)
            try write(mapping.groups, "gid", .openGroupMap, .mapGroups, pid, &privileges)
        } catch {
            _ = try? line.writeAll(Array("\(error.status) \(error.text)".utf8))
            _exit(1)
        }
        _exit(0)
    }

    /// False = something else came than the end of what we are told.
    private static func waitForNamespace(_ line: borrowing FileDescriptor) throws(Refusal) -> Bool {
        var byte: [UInt8] = [0]
        return try during(.create, "the maps") { () throws(SystemError) in
            try line.read(into: &byte) == .closed
        }
    }

    private static func write(
        _ maps: [IDMap], _ kind: String, _ opening: Privilege, _ privilege: Privilege, _ pid: Int32,
        _ privileges: inout Privileges
    ) throws(Refusal) {
        guard privilege.capabilities.subtracting(privileges.permitted).isEmpty else {
            return try writeByProgram("new\(kind)map", maps, pid)
        }
        let path = "/proc/\(pid)/\(kind)_map"
        let file = FileDescriptor(
            owning: try privileges.perform(opening, .create, path) { open(path, O_WRONLY | O_CLOEXEC) })
        let number = file.number
        let text = Array(IDMapping.text(maps).utf8)
        try privileges.perform(privilege, .create, path) { Glibc.write(number, text, text.count) }
    }

    private static func writeByProgram(_ name: String, _ maps: [IDMap], _ pid: Int32) throws(Refusal) {
        guard let path = ["/usr/bin/\(name)", "/bin/\(name)"].first(where: Machine.isProgram) else {
            throw Refusal(
                .create, code: ENOENT, status: NamespaceContract.forbiddenStatus,
                "a map of other users than the caller takes \(name), which is not installed (on Debian: package uidmap)"
            )
        }
        let arguments = [name, "\(pid)"] + maps.flatMap(\.words)
        let (exit, complaint) = try during(.create, path) { () throws(SystemError) in
            let pair = try SocketPair()
            let child = try ChildProcess(
                program: path, arguments: arguments, environment: [], stream: pair.far, errors: pair.far.number)
            let near = pair.closingFar()
            let text = try near.readAll(bytesMax: 4096) ?? []
            return (child.waitForExit(), String(decoding: text, as: UTF8.self))
        }
        guard exit == .status(0) else {
            throw Refusal(
                .create, code: EPERM, status: NamespaceContract.forbiddenStatus,
                "\(name) refused (\(exit)): \(complaint) What a user may map is in /etc/subuid and /etc/subgid.")
        }
    }
}
