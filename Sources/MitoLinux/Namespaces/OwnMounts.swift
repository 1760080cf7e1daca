import CMitoLinux

/// What a process in a mount namespace of its own puts where only it and its children see it.
public enum OwnMounts {
    /// An empty file system in memory at a folder; everybody there may write to it.
    public static func mountMemory(at folder: String) throws(SystemError) {
        try system("mount") { mito_mount_memory(folder) }
    }

    /// One file or folder in the place of another.
    public static func bind(_ source: String, to target: String) throws(SystemError) {
        try system("mount") { mito_bind_mount(source, target) }
    }
}
