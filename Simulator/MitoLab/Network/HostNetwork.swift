import CMitoLab
import Glibc
public import MitoLinux

/// A host's own network: a network namespace with a name, a loopback, and one interface `eth0`, whose other end lies
/// where the wire is.
///
/// ```swift
/// let port = try HostNetwork.make(web, of: plan) { host = try ChildProcess(…) }
/// try wire.add(port, of: web)
/// ```
public enum HostNetwork {
    /// Makes the network of a host, runs `start` within, and comes back.
    ///
    /// The calling thread goes into new namespaces and out again, so it should be the process's only one. It needs
    /// CAP_SYS_ADMIN and CAP_NET_ADMIN over the namespaces that it is in, and CAP_NET_RAW.
    ///
    /// - Parameters:
    ///   - host: the host's index in the plan.
    ///   - plan: names the host and gives its address.
    ///   - start: runs in the host's namespaces; a process that it starts stays there.
    /// - Returns: the wire's end of the host's interface.
    /// - Throws: what the kernel refused, by the name of the call or of the netlink request. Nothing is left then.
    public static func make(
        _ host: Int, of plan: LabPlan, start: () throws(SystemError) -> Void
    ) throws(SystemError) -> WirePort {
        let home = try HostNamespaces()
        try Sysctl.setWherePossible("net/ipv6/conf/default/disable_ipv6", "1")
        try Namespace.make([.net, .uts])
        var inside: NetlinkSession<NetlinkSocket>?
        let away: HostNamespaces
        do throws(SystemError) {
            inside = try furnish(host, of: plan, home: home.network.number)
            away = try HostNamespaces()
        } catch {
            try home.enter()
            throw error
        }
        try home.enter()
        // The wire is there before the host can say a word.
        let port = try WirePort(interface: peerName(of: host), inside: inside.take()!)
        try away.enter()
        do throws(SystemError) {
            try start()
        } catch {
            try home.enter()
            throw error
        }
        try home.enter()
        return port
    }

    /// What the host calls its interface.
    public static let interfaceName = "eth0"
    /// How long a packet may be, in bytes.
    public static let mtu: UInt32 = 1500
    /// Whoever sends puts its own interface's address on the packet, so all have the same one.
    static let hardwareAddress: [UInt8] = [0x02, 0, 0, 0, 0, 1]

    static func peerName(of host: Int) -> String { "w\(host)" }

    /// Fills the new, empty namespaces that the thread is in.
    private static func furnish(
        _ host: Int, of plan: LabPlan, home: Int32
    ) throws(SystemError) -> NetlinkSession<NetlinkSocket> {
        let name = plan.hosts[host].name
        try system("sethostname") { sethostname(name, name.utf8.count) }
        try setRules()
        var session = NetlinkSession(try NetlinkSocket())
        try session.perform(.up(1), "netlink newlink lo up")
        try session.perform(
            .pair(
                interfaceName, hardwareAddress: hardwareAddress, mtu: mtu, peer: peerName(of: host), in: home),
            "netlink newlink \(interfaceName)")
        let number = try system("if_nametoindex") { mito_lab_interface_number(interfaceName) }
        let address = LabPlan.address(of: host)
        try session.perform(
            .address(address, prefixBits: LabPlan.networkBits, of: number), "netlink newaddr \(address)")
        try session.perform(.up(number, asksForAddresses: false), "netlink newlink \(interfaceName) up")
        return session
    }

    /// What programs of a host may do, and how patient its TCP is.
    private static func setRules() throws(SystemError) {
        try Sysctl.setWherePossible("net/ipv6/conf/default/disable_ipv6", "1")
        // Any port is anybody's, as no program here has a capability.
        try Sysctl.set("net/ipv4/ip_unprivileged_port_start", "0")
        // Who may `ping`: every group, or, where only one's own is mapped, that one.
        if try !Sysctl.setWherePossible("net/ipv4/ping_group_range", "0 2147483647") {
            try Sysctl.setWherePossible("net/ipv4/ping_group_range", "\(getegid()) \(getegid())")
        }
        // After a long cut TCP would wait up to two minutes before it tried again. Here it is a second, so that a
        // mended link is soon found; and as many tries as there can be, so that no connection is given up early.
        if try Sysctl.setWherePossible("net/ipv4/tcp_rto_max_ms", "1000") {
            try Sysctl.set("net/ipv4/tcp_retries2", "255")
        }
    }
}
