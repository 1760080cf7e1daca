import Glibc

/// What the system says of a file; of what a symbolic link points to, not of the link.
///
///     let status = try FileStatus(of: "/etc/passwd")
///     print(status.kind, status.size)
public struct FileStatus: Hashable, Sendable {
    public enum Kind: String, Sendable {
        case file, folder, pipe, socket, device
    }

    public let kind: Kind
    /// In bytes.
    public let size: Int64
    /// Who may do what: the nine bits of `rwxrwxrwx`, and the three above them.
    public let permissions: UInt32
    /// The numbers of its owner and group.
    public let owner: UInt32
    public let group: UInt32
    /// When its contents changed, in nanoseconds since 1970.
    public let changedNanoseconds: Int64

    public init(of path: String) throws(SystemError) {
        var status = stat()
        try system("stat") { fstatat(AT_FDCWD, path, &status, 0) }
        kind =
            switch status.st_mode & S_IFMT {
            case S_IFREG: .file
            case S_IFDIR: .folder
            case S_IFIFO: .pipe
            case S_IFSOCK: .socket
            default: .device
            }
        size = Int64(status.st_size)
        permissions = UInt32(status.st_mode) & 0o7777
        owner = status.st_uid
        group = status.st_gid
        changedNanoseconds = Int64(status.st_mtim.tv_sec) * 1_000_000_000 + Int64(status.st_mtim.tv_nsec)
    }
}
