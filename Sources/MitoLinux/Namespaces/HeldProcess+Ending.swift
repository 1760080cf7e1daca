import Glibc

extension HeldProcess {
    /// Has it ended, or begun to? The first process of a pid namespace has ended only after all others in it, and it
    /// is its end that ends them.
    public var isEnding: Bool { !isAlive || (flags ?? 0) & Self.exitingFlag != 0 }

    /// The kernel's flags of it; nil when it has ended.
    private var flags: UInt32? {
        let folder = folderNumber
        guard let number = try? system("openat", { openat(folder, "stat", O_RDONLY | O_CLOEXEC) }),
            let bytes = try? FileDescriptor(owning: number).readAll(bytesMax: 4096)
        else { return nil }
        return ProcessStatus(String(decoding: bytes, as: UTF8.self))?.flags
    }

    /// PF_EXITING.
    private static let exitingFlag: UInt32 = 4
}
