import Glibc

/// Who the program is: numbers, groups, and what its environment says of that.
struct Identity {
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

    /// The one that was asked for, by the files of the root directory that this process has now; nil = who this process
    /// is.
    ///
    /// - Parameter before: the user's number before namespaces were joined. One that the user namespace does not know
    ///   becomes its superuser: as a user without a name he would keep what he may do outside.
    static func wanted(_ manner: Request.Manner, before: UInt32) throws(Refusal) -> Identity? {
        if let name = manner.user { return try Identity(name, groups: manner.groups, in: .read()) }
        let unknown: UInt32 = 65534
        return getuid() == unknown && before != unknown ? .superuser : nil
    }

    /// The superuser of a user namespace that knows nobody of who came.
    private static let superuser = Identity(user: 0, group: 0)

    private init(user: UInt32, group: UInt32) {
        self.user = user
        self.group = group
    }
}
