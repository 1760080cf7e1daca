import Glibc
import MitoLinux

/// What a lab needs of files, in memory alone: a file system of its own, mounted where only the lab's processes see
/// it, and gone with the last of them.
///
/// ```swift
/// let folder = try LabFolder.make(for: setup, programs: [lab.number, agent.number])
/// print(folder.agent)                             // /dev/shm/mitoscope-5f3a…/mito-agent
/// ```
struct LabFolder {
    let path: String

    /// The program `mito-lab` as the lab's processes find it.
    var lab: String { "\(path)/mito-lab" }
    /// The program that contexts are.
    var agent: String { "\(path)/mito-agent" }
    /// What its processes know each other by.
    var key: String { "\(path)/key" }
    /// The names and addresses of its hosts. They are mounted over the system's own where it has such a file.
    var hosts: String { "\(path)/hosts" }
    /// What contexts append to.
    var trace: String { "\(path)/trace" }

    /// Where the folder of the lab with this id is, seen from within.
    init(id: String) { path = "\(Self.mountPoint)/mitoscope-\(id)" }

    /// Mounts the file system and puts in it what the lab needs. The calling process is in a mount namespace of its
    /// own.
    ///
    /// - Parameters:
    ///   - programs: descriptors of `mito-lab` and of the contexts' program.
    static func make(for setup: LabSetup, programs: [Int32]) throws(LabFailure) -> LabFolder {
        let folder = LabFolder(id: setup.id)
        do throws(SystemError) {
            try OwnMounts.mountMemory(at: mountPoint)
            try FileDescriptor.makeFolder(folder.path)
            try copy(programs[0], to: folder.lab)
            try copy(programs[1], to: folder.agent)
            try put(LabKey().secret, to: folder.key)
            _ = try FileDescriptor.creating(folder.trace)
            try put(Array(hostsText(setup.plan).utf8), to: folder.hosts)
            try system("chmod") { chmod(folder.hosts, 0o644) }
            // The folder itself is its owner's; a file that is mounted elsewhere is read by everybody there.
            if access(HostsFile.path, F_OK) == 0 { try OwnMounts.bind(folder.hosts, to: HostsFile.path) }
        } catch {
            throw LabFailure("the lab's files cannot be made: \(error)", isOfMachine: true)
        }
        return folder
    }

    private static func hostsText(_ plan: LabPlan) -> String {
        let lines = plan.hosts.indices.map { "\(LabPlan.address(of: $0)) \(plan.hosts[$0].name)" }
        return (["127.0.0.1 localhost"] + lines).joined(separator: "\n") + "\n"
    }

    private static func put(_ bytes: [UInt8], to path: String) throws(SystemError) {
        _ = try FileDescriptor.creating(path).writeAll(bytes)
    }

    /// A program's file, which may be in memory or have no name.
    private static func copy(_ source: Int32, to path: String) throws(SystemError) {
        let source = try FileDescriptor.duplicate(of: source)
        let target = try FileDescriptor.creating(path)
        try target.copyAll(from: source)
        let number = target.number
        try system("fchmod") { fchmod(number, 0o755) }
    }

    private static let mountPoint = "/dev/shm"
}
