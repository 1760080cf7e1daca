import CMitoLinux
import Glibc

/// The namespaces of one thread: what it does here changes none of the process's others.
extension Namespace {
    /// The one that the calling thread is in.
    public static func ofThread(_ kind: NamespaceKind) throws(SystemError) -> Namespace {
        try Namespace(known: kind, of: FileDescriptor.reading("/proc/thread-self/ns/\(kind.procName)"))
    }

    /// Takes the calling thread there.
    public func join() throws(SystemError) {
        try system("setns") { mito_setns(number, kind.flag) }
    }

    /// Takes the calling thread into new ones.
    public static func make(_ kinds: [NamespaceKind]) throws(SystemError) {
        let flags = kinds.reduce(0) { $0 | $1.flag }
        try system("unshare") { mito_unshare(flags) }
    }
}
