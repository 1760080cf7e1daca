import Glibc

extension HeldProcess {
    /// Has it ended, or begun to? The first process of a pid namespace has ended only after all others in it, and it
    /// is its end that ends them.
    public var isEnding: Bool { !isAlive || (flags ?? 0) & Self.exitingFlag != 0 }

    /// The kernel's flags of it; nil when it has ended.
    private var flags: UInt32? {
        let folder = folderNumber
        guard let number = try? system("openat", { openat(folder, "stat", O_RDONLY | O_CLOEXEC) }) else { return nil }
        let file = FileDescriptor(owning: number)
        guard let bytes = try? file.readAll(bytesMax: 4096) else { return nil }
        // The name in parentheses may hold anything, so what counts stands after the last one: the state, five numbers,
        // the flags.
        let text = String(decoding: bytes, as: UTF8.self)
        guard let end = text.lastIndex(of: ")") else { return nil }
        let fields = text[text.index(after: end)...].split(separator: " ")
        return fields.count > 6 ? UInt32(fields[6]) : nil
    }

    /// PF_EXITING.
    private static let exitingFlag: UInt32 = 4
}
