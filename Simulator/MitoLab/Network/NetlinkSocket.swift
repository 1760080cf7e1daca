import CMitoLab
import Glibc
import MitoLinux

/// A socket to the rtnetlink of the network namespace in which it was opened; it stays there whatever the process does.
struct NetlinkSocket: ~Copyable, NetlinkTransport {
    let descriptor: FileDescriptor

    init() throws(SystemError) {
        descriptor = FileDescriptor(owning: try system("socket") { mito_lab_netlink_socket() })
    }

    func send(_ bytes: [UInt8]) throws(SystemError) {
        let number = descriptor.number
        try system("send") { bytes.withUnsafeBytes { Glibc.send(number, $0.baseAddress, $0.count, 0) } }
    }

    func receive() throws(SystemError) -> [UInt8] {
        var room = [UInt8](repeating: 0, count: 8192)
        let number = descriptor.number
        let count = try system("recv") { room.withUnsafeMutableBytes { recv(number, $0.baseAddress, $0.count, 0) } }
        return Array(room[..<count])
    }
}
