import CMitoLinux
import MitoLinux

/// This program's file as a sealed copy in memory, for the last step in a container: what is in there may get at the
/// file that executed it, as `/proc/self/exe`, and root of it could write to one of the host's.
enum OwnCopy {
    /// Makes it while the file can still be reached.
    ///
    /// - Returns: a descriptor that is closed by exec, and by nothing else.
    static func make() throws(Refusal) -> Int32 {
        try during(.open, "a copy of mito-ns in memory") { () throws(SystemError) in
            let copy = try FileDescriptor.sealedCopy(of: "/proc/self/exe", "mito-ns")
            let number = copy.number
            return try system("fcntl") { mito_duplicate(number) }
        }
    }
}
