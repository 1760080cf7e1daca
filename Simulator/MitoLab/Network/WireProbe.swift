import CMitoLab
import MitoLinux

/// Tries what the links of a lab are made of, in the network namespace that the process is in: `mito-lab probe`.
enum WireProbe {
    /// One line for each: `veth: works`, or what the kernel said.
    static func run() -> [String] {
        [tell("veth", pair), tell("packets", socket)]
    }

    private static func tell(_ name: String, _ body: () throws(SystemError) -> Void) -> String {
        do throws(SystemError) {
            try body()
            return "\(name): works"
        } catch {
            return "\(name): \(error)"
        }
    }

    private static func pair() throws(SystemError) {
        let here = try HostNamespaces()
        var session = NetlinkSession(try NetlinkSocket())
        try session.perform(
            .pair(
                "probe0", hardwareAddress: HostNetwork.hardwareAddress, mtu: HostNetwork.mtu, peer: "probe1",
                in: here.network.number), "netlink newlink veth")
    }

    private static func socket() throws(SystemError) {
        let loopback = try system("if_nametoindex") { mito_lab_interface_number("lo") }
        _ = FileDescriptor(owning: try system("socket AF_PACKET") { mito_lab_packet_socket(loopback, 1 << 16) })
    }
}
