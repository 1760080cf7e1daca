/// The descriptors that `mito-ns` and whoever starts it have agreed on, and how it ends when it fails itself.
///
///     0 1 2   the program's stdin, stdout and stderr; no other descriptor of the starter gets to it, but that of 4
///     3       --report: one line `STAGE ERRNO TEXT` on failure; closed without a word by a successful exec
///     4       --image: the file that is executed; it stays open, for who starts it again where it has no path
///     5       --pidfd: a pidfd of the process to be joined
///     6 …     namespaces, as --namespace KIND=N names them
public enum NamespaceContract {
    /// Goes up when one of the two sides would misunderstand the other.
    public static let version = 1
    /// The numbers of the table above.
    public static let report: Int32 = 3
    public static let image: Int32 = 4
    public static let process: Int32 = 5
    public static let firstNamespace: Int32 = 6

    /// What `mito-ns` ends with when it was asked for something that makes no sense.
    public static let usageStatus: Int32 = 64
    /// … when a capability is missing, or the system does not let it.
    public static let forbiddenStatus: Int32 = 69
    /// … when a system call failed, or what was to be joined is not what it was.
    public static let failedStatus: Int32 = 71
    /// … when the program is there and cannot be executed, or is not there.
    public static let notExecutableStatus: Int32 = 126
    public static let noProgramStatus: Int32 = 127
}
