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

    /// A pidfd of it, for as long as this is there.
    public var descriptor: Int32 { handle.descriptor.number }
}
