import Foundation

/// May this user make tunnels? Nothing needs them where veth works.
struct TunnelCheck: MachineCheck {
    let name = "tun"

    func look() -> MachineFinding {
        let file = open("/dev/net/tun", O_RDWR | O_CLOEXEC)
        let code = errno
        guard file >= 0 else {
            return .no("/dev/net/tun: \(String(cString: strerror(code)))", remedy: "not needed: a lab's links are veth")
        }
        close(file)
        return .yes("/dev/net/tun can be opened; a lab's links are veth, and do without")
    }
}
