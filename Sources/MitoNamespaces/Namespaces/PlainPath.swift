import CMitoLinux
import Glibc
import MitoLinux

/// Opens what a path names, and nothing that somebody else made it lead to: symbolic links are followed in /proc alone,
/// where the kernel makes them.
enum PlainPath {
    /// Opens it for reading.
    static func open(_ path: String, _ privileges: inout Privileges) throws(Refusal) -> FileDescriptor {
        let words = path.split(separator: "/").map(String.init)
        guard let last = words.last else { throw Refusal(.open, code: EISDIR, "\(path) is a directory") }
        var folder = try during(.open, path) { () throws(SystemError) in
            FileDescriptor(
                owning: try system("open") { mito_open_folder(AT_FDCWD, path.hasPrefix("/") ? "/" : ".", 1) })
        }
        for word in words.dropLast() {
            folder = try step(path, &privileges, from: folder, to: word) { mito_open_folder($0, word, $1 ? 1 : 0) }
        }
        return try step(path, &privileges, from: folder, to: last) {
            openat($0, last, O_RDONLY | O_NONBLOCK | O_CLOEXEC | ($1 ? 0 : O_NOFOLLOW))
        }
    }

    /// - Parameter open: opens the word below a folder; told whether a symbolic link may be followed.
    private static func step(
        _ path: String, _ privileges: inout Privileges, from folder: borrowing FileDescriptor, to word: String,
        _ open: (_ folder: Int32, _ isFollowed: Bool) -> Int32
    ) throws(Refusal) -> FileDescriptor {
        let number = folder.number
        let isProc = try during(.open, path) { () throws(SystemError) in
            try system("fstatfs") { mito_is_proc(number) } == 1
        }
        if isProc {
            return FileDescriptor(
                owning: try privileges.perform(.lookIntoProcess, .open, path) { open(number, true) })
        }
        do throws(SystemError) {
            return FileDescriptor(
                owning: try system("openat") { open(number, false) })
        } catch {
            guard error.code == ELOOP || error.code == ENOTDIR, isLink(word, below: number) else {
                throw Refusal(.open, error, path)
            }
            throw Refusal(.open, code: ELOOP, "\(path): `\(word)` is a symbolic link, and may lead elsewhere")
        }
    }

    private static func isLink(_ word: String, below folder: Int32) -> Bool {
        var status = stat()
        return fstatat(folder, word, &status, AT_SYMLINK_NOFOLLOW) == 0 && status.st_mode & S_IFMT == S_IFLNK
    }
}
