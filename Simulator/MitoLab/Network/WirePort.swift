import CMitoLab
import MitoLinux

/// The wire's end of one host's interface: takes and gives that host's packets.
///
/// ```swift
/// try wire.add(try HostNetwork.make(web, of: plan) { … }, of: web)
/// ```
public final class WirePort {
    private let packets: FileDescriptor
    /// Inside the host's network namespace, which lasts as long as this.
    private let inside: NetlinkSession<NetlinkSocket>
    private var hasSegmentationOffload = true

    /// Puts the interface to work, and opens it for packets.
    ///
    /// - Parameters:
    ///   - interface: the wire's end, in the network namespace that the thread is in.
    ///   - inside: of the namespace in which the host's end is.
    init(interface name: String, inside: consuming NetlinkSession<NetlinkSocket>) throws(SystemError) {
        let number = try system("if_nametoindex") { mito_lab_interface_number(name) }
        var home = NetlinkSession(try NetlinkSocket())
        try home.perform(.up(number), "netlink newlink \(name) up")
        packets = FileDescriptor(
            owning: try system("socket AF_PACKET") { mito_lab_packet_socket(number, Self.bufferBytes) })
        self.inside = inside
    }

    /// To be watched; packets are taken from it, and given to it.
    var number: Int32 { packets.number }

    /// Whether TCP of the host sends up to 64 KiB as one packet, and leaves it to the interface to make segments of
    /// it. Where packets are lost or queue up one by one, that would be one packet instead of 45. Only a change is
    /// told to the kernel.
    func setSegmentationOffload(_ isOn: Bool) throws(SystemError) {
        guard isOn != hasSegmentationOffload else { return }
        let number = inside.transport.descriptor.number
        try system("ioctl ETHTOOL_STSO") {
            mito_lab_set_segmentation_offload(number, HostNetwork.interfaceName, isOn ? 1 : 0)
        }
        hasSegmentationOffload = isOn
    }

    /// How many packets came while the wire was behind and had no room for them, since the last question.
    func missed() -> Int { max(0, Int(mito_lab_packets_missed(number))) }

    /// What waits for the wire at most; without root, as much of it as the system allows.
    private static let bufferBytes: Int32 = 16 << 20
}
