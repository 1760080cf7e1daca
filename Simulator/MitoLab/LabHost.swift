import MitoLinux

/// The first process of a host, seen from outside the lab.
///
/// ```swift
/// let web = try lab.host("web")
/// print(web.pid)
/// ```
public final class LabHost {
    public let name: String
    private let process: HeldProcess

    /// - Parameter pidfd: of the process.
    init(_ name: String, _ pidfd: Shared<FileDescriptor>) throws(LabFailure) {
        self.name = name
        do throws(SystemError) {
            process = try HeldProcess(handle: FileDescriptor.duplicate(of: pidfd.number))
        } catch {
            throw LabFailure(
                error.isNoSuchProcess ? "the host '\(name)' has ended" : "the host '\(name)' cannot be held: \(error)")
        }
    }

    /// Its number out here.
    public var pid: Int32 { process.pid }

    /// Becomes a program on this host, with this process's terminal and environment. Returns only by an error.
    ///
    /// - Parameters:
    ///   - program: the program and its arguments.
    ///   - programs: what the lab was made with.
    ///   - directory: where it begins; nil = in the root directory.
    ///   - capabilities: what it may do to the lab's own network and mounts, `net_raw` for one.
    public func become(
        _ program: [String], _ programs: LabPrograms, directory: String?, capabilities: [String] = []
    ) throws(LabFailure) {
        do throws(SystemError) {
            try process.handOver(as: NamespaceContract.process)
            let words = NamespaceCommand.enter(programs.ns, directory: directory, capabilities: capabilities)
            try Machine.become(programs.ns, words + program)
        } catch {
            throw LabFailure("'\(programs.ns)' cannot be run: \(error.reason)", isOfMachine: true)
        }
    }
}
