import CMitoLinux
import Glibc

/// A namespace that is held open: it stays when the last process has left it, and is never mistaken for another.
///
///     let network = try Namespace(.net, of: FileDescriptor.reading("/run/netns/blue"))
///     let isOurs = try network.identity == Namespace(.net, of: FileDescriptor.reading("/proc/self/ns/net")).identity
public final class Namespace: Sendable {
    /// Two that have the same one are the same namespace.
    public struct Identity: Hashable, Sendable {
        let device: UInt64
        let file: UInt64

        /// Of a file of `/proc/PID/ns`, relative to the folder that is open there.
        public init(of path: String, below folder: Int32) throws(SystemError) {
            var status = stat()
            try system("stat") { fstatat(folder, path, &status, 0) }
            (device, file) = (UInt64(status.st_dev), UInt64(status.st_ino))
        }

        init(of descriptor: borrowing FileDescriptor) throws(SystemError) {
            var status = stat()
            let number = descriptor.number
            try system("fstat") { fstat(number, &status) }
            (device, file) = (UInt64(status.st_dev), UInt64(status.st_ino))
        }
    }

    /// Why a file is not the namespace that it was said to be.
    public enum Defect: Error, Hashable, Sendable, CustomStringConvertible {
        case isNoNamespace
        /// It is of this kind; nil = of one that is not known here.
        case isOfKind(NamespaceKind?)
        case failed(SystemError)

        public var description: String {
            switch self {
            case .isNoNamespace: "it is no namespace"
            case .isOfKind(let kind?): "it is a \(kind) namespace"
            case .isOfKind(nil): "it is a namespace of a kind that is not known here"
            case .failed(let error): error.description
            }
        }
    }

    public let kind: NamespaceKind
    public let identity: Identity
    private let descriptor: FileDescriptor

    /// Takes over a descriptor that is said to be open on a namespace of this kind, and looks whether it is.
    public init(_ kind: NamespaceKind, of descriptor: consuming FileDescriptor) throws(Defect) {
        let number = descriptor.number
        let flag: Int32?
        do throws(SystemError) {
            let isNamespace = try system("fstatfs") { mito_is_namespace(number) } == 1
            flag = isNamespace ? try system("ioctl") { mito_namespace_kind(number) } : nil
            identity = try Identity(of: descriptor)
        } catch {
            throw .failed(error)
        }
        guard let flag else { throw .isNoNamespace }
        guard flag == kind.flag else { throw .isOfKind(NamespaceKind.allCases.first { $0.flag == flag }) }
        self.kind = kind
        self.descriptor = descriptor
    }

    /// Takes over a descriptor that the kernel itself calls a namespace of this kind.
    init(known kind: NamespaceKind, of descriptor: consuming FileDescriptor) throws(SystemError) {
        identity = try Identity(of: descriptor)
        self.kind = kind
        self.descriptor = descriptor
    }

    /// The kernel's number for it; only good while this value lives.
    public var number: Int32 { descriptor.number }
}
