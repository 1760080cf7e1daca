import MitoLinux

/// The first process of a host, seen from outside the lab.
///
/// ```swift
/// let web = try lab.host("web")
/// print(web.pid)
/// ```
public final class LabHost {
    public let name: String
    /// Its number out here.
    public let pid: Int32
    private let handle: HeldDescriptor

    init(_ name: String, _ handle: HeldDescriptor) throws(LabFailure) {
        (self.name, self.handle) = (name, handle)
        let info = try? FileDescriptor.reading("/proc/self/fdinfo/\(handle.descriptor.number)").readAll(bytesMax: 4096)
        let lines = String(decoding: (info ?? nil) ?? [], as: UTF8.self).split(separator: "\n")
        guard let line = lines.first(where: { $0.hasPrefix("Pid:") }),
            let pid = Int32(line.dropFirst(4).drop { $0 == " " || $0 == "\t" }), pid > 0
        else { throw LabFailure("the host '\(name)' has ended") }
        self.pid = pid
    }

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
            try handle.descriptor.handOver(as: NamespaceContract.process)
            let words = NamespaceCommand.enter(programs.ns, directory: directory, capabilities: capabilities)
            try Machine.become(programs.ns, words + program)
        } catch {
            throw LabFailure("'\(programs.ns)' cannot be run: \(error.reason)", isOfMachine: true)
        }
    }
}
