import MitoLinux

/// One host of a running lab, as the supervisor has it: the process `mito-lab host`, which is in the host's network.
final class SupervisedHost {
    let name: String
    let address: IPv4Address
    let process: ChildProcess
    private let stream: FileDescriptor
    /// The network namespace that it is in, as `/proc` names it.
    let network: String

    /// Starts it. Called within the host's namespaces.
    init(_ name: String, address: IPv4Address, in folder: LabFolder, isTraced: Bool) throws(SystemError) {
        (self.name, self.address) = (name, address)
        let streams = try SocketPair()
        process = try ChildProcess(
            program: folder.lab,
            arguments: ["mito-lab", "host", "--key", folder.key, "--image", folder.agent],
            environment: Self.environment(isTraced ? folder.trace : nil), stream: streams.far)
        stream = streams.closingFar()
        network = Machine.linkTarget("/proc/self/ns/net") ?? ""
    }

    /// Ours, with the lab's trace in the place of any other.
    private static func environment(_ trace: String?) -> [String] {
        Machine.environment.filter { !$0.hasPrefix("MITOSCOPE_TRACE=") }
            + (trace.map { ["MITOSCOPE_TRACE=\($0)"] } ?? [])
    }

    /// Waits until programs can be started on it.
    func waitUntilReady() throws(LabFailure) {
        var byte: [UInt8] = [0]
        guard case .bytes? = try? stream.read(into: &byte) else {
            throw LabFailure("the host \(name) ended at once", isOfMachine: true)
        }
    }
}
