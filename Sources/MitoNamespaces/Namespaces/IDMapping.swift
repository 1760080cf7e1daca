import CMitoLinux
import Glibc
import MitoLinux

/// Who the users and groups of a new user namespace are outside of it.
struct IDMapping {
    let users: [IDMap]
    let groups: [IDMap]
    private let user = geteuid()
    private let group = getegid()

    /// What is not said is the caller himself, under his own number.
    init(_ request: Request.Creation) {
        users = request.users.isEmpty ? [IDMap(inside: geteuid(), outside: geteuid(), count: 1)] : request.users
        groups = request.groups.isEmpty ? [IDMap(inside: getegid(), outside: getegid(), count: 1)] : request.groups
    }

    /// Is it the caller alone, whom he may map without any right?
    var isOwn: Bool {
        users.count == 1 && users[0].outside == user && users[0].count == 1
            && groups.count == 1 && groups[0].outside == group && groups[0].count == 1
    }

    /// Is the superuser among those who are outside?
    var hasSuperuser: Bool { users.contains { $0.outside == 0 } }

    /// Writes the maps from within. The caller gives up for good to change his groups: he might leave one that takes
    /// rights away.
    func writeOwn(_ privileges: inout Privileges) throws(Refusal) {
        try Self.write("deny", to: "/proc/self/setgroups", &privileges)
        try Self.write(Self.text(users), to: "/proc/self/uid_map", &privileges)
        try Self.write(Self.text(groups), to: "/proc/self/gid_map", &privileges)
    }

    static func text(_ maps: [IDMap]) -> String { maps.map { $0.words.joined(separator: " ") + "\n" }.joined() }

    private static func write(
        _ text: String, to path: String, _ privileges: inout Privileges
    ) throws(Refusal) {
        // A file with capabilities makes a process whose files in /proc are the superuser's.
        _ = mito_set_dumpable(1)
        let file = FileDescriptor(
            owning: try privileges.perform(.openOwnMap, .create, path) { open(path, O_WRONLY | O_CLOEXEC) })
        let number = file.number
        // The kernel takes a map in one piece.
        let bytes = Array(text.utf8)
        try during(.create, path) { () throws(SystemError) in
            try system("write") { Glibc.write(number, bytes, bytes.count) }
        }
    }
}
