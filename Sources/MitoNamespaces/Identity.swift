import CMitoLinux
import Glibc
import MitoLinux

/// Who the program is: numbers, groups, and what its environment says of that.
struct Identity: Equatable {
    var user: UInt32
    var group: UInt32
    /// nil = those that this process has.
    var groups: [UInt32]?
    /// HOME, SHELL, LOGNAME and USER.
    var environment: [(name: String, value: String)] = []
    var home: String?

    /// Finds the one that was named.
    ///
    /// What looks like a number is one. It need not be in the database: its group is then that of the same number, if
    /// none is named.
    init(_ name: UserName, groups: [UInt32]?, in database: UserDatabase) throws(Refusal) {
        let number = UInt32(name.user)
        let entry = database.users.first { number == nil ? $0.name == name.user : $0.number == number }
        guard let user = entry?.number ?? number, user != .max else {
            throw Refusal(.user, code: ENOENT, "there is no user `\(name.user)` there")
        }
        self.user = user
        if let wanted = name.group {
            let found = UInt32(wanted) ?? database.groups.first { $0.name == wanted }?.number
            guard let found, found != .max else {
                throw Refusal(.user, code: ENOENT, "there is no group `\(wanted)` there")
            }
            group = found
        } else {
            group = entry?.group ?? user
        }
        let listed = database.groups.filter { group in entry.map { group.members.contains($0.name) } ?? false }
        self.groups = groups ?? listed.map(\.number)
        let shell = entry?.shell ?? ""
        let label = entry?.name ?? name.user
        home = entry?.home ?? "/"
        environment = [
            ("HOME", home ?? "/"), ("SHELL", shell.isEmpty ? "/bin/sh" : shell), ("LOGNAME", label), ("USER", label),
        ]
    }

    /// The superuser of a user namespace that knows nobody of who came.
    static let superuser = Identity(user: 0, group: 0)

    private init(user: UInt32, group: UInt32) {
        self.user = user
        self.group = group
    }

    static func == (left: Identity, right: Identity) -> Bool {
        left.user == right.user && left.group == right.group && left.groups == right.groups
            && left.home == right.home && left.environment.elementsEqual(right.environment, by: ==)
    }
}
