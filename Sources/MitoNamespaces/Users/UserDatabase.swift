import Glibc
import MitoLinux

/// The users and groups of the root directory that was entered, as /etc/passwd and /etc/group there have them.
///
/// The C library's own reading is not used: it would run what a container's settings name. Whatever these files hold,
/// it is read to a bound, and lines that are none are passed over.
struct UserDatabase {
    struct User: Equatable {
        var name: String
        var number: UInt32
        var group: UInt32
        var home: String
        var shell: String
    }

    struct Group: Equatable {
        var name: String
        var number: UInt32
        var members: [String]
    }

    let users: [User]
    let groups: [Group]

    /// No file of users is larger than that.
    static let bytesMax = 1 << 20

    /// Reads the files of the root directory that this process has; one that is not there has nobody in it.
    static func read() throws(Refusal) -> UserDatabase {
        try UserDatabase(users: lines(of: "/etc/passwd"), groups: lines(of: "/etc/group"))
    }

    /// Takes the lines of `/etc/passwd` and `/etc/group`.
    init(users: String, groups: String) {
        self.users = Self.fields(users, count: 7).compactMap { field in
            guard let number = UInt32(field[2]), let group = UInt32(field[3]) else { return nil }
            return User(name: field[0], number: number, group: group, home: field[5], shell: field[6])
        }
        self.groups = Self.fields(groups, count: 4).compactMap { field in
            guard let number = UInt32(field[2]) else { return nil }
            return Group(name: field[0], number: number, members: field[3].split(separator: ",").map(String.init))
        }
    }

    private static func fields(_ text: String, count: Int) -> [[String]] {
        text.split(separator: "\n").compactMap { line in
            let fields = line.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
            return fields.count == count && !fields[0].isEmpty ? fields : nil
        }
    }

    private static func lines(of path: String) throws(Refusal) -> String {
        var status = stat()
        let bytes: [UInt8]?
        do throws(SystemError) {
            // A pipe in its place would keep us waiting.
            let file = FileDescriptor(
                owning: try system("open") { open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC) })
            let number = file.number
            try system("fstat") { fstat(number, &status) }
            bytes = status.st_mode & S_IFMT == S_IFREG ? try file.readAll(bytesMax: bytesMax) : []
        } catch {
            if error.code == ENOENT || error.code == ENOTDIR { return "" }
            throw Refusal(.user, error, path)
        }
        guard status.st_mode & S_IFMT == S_IFREG else { throw Refusal(.user, code: EINVAL, "\(path) is no file") }
        guard let bytes else { throw Refusal(.user, code: EFBIG, "\(path) has more than \(bytesMax) bytes") }
        return String(decoding: bytes, as: UTF8.self)
    }
}
