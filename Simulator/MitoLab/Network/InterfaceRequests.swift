/// What a host's network is made with.
extension NetlinkMessage {
    /// A pair of interfaces of which what goes into one comes out of the other.
    ///
    /// - Parameters:
    ///   - name: of the one in the namespace that is asked.
    ///   - hardwareAddress: its address, 6 bytes.
    ///   - mtu: how long a packet may be on either.
    ///   - peer: the other one's name.
    ///   - namespace: an open descriptor of the network namespace that the other one lies in.
    static func pair(
        _ name: String, hardwareAddress: [UInt8], mtu: UInt32, peer: String, in namespace: Int32
    ) -> NetlinkMessage {
        var message = NetlinkMessage(.newLink, flags: [.create, .exclusive])
        message.interfaceHeader(number: 0)
        message.attribute(.interfaceName, text: name)
        message.attribute(.hardwareAddress, bytes: hardwareAddress)
        message.attribute(.mtu, number: mtu)
        message.attribute(.linkInformation) { message in
            message.attribute(.linkKind, text: "veth")
            message.attribute(.linkData) { message in
                message.attribute(.peer) { message in
                    message.interfaceHeader(number: 0)
                    message.attribute(.interfaceName, text: peer)
                    message.attribute(.mtu, number: mtu)
                    message.attribute(.namespaceDescriptor, number: UInt32(bitPattern: namespace))
                }
            }
        }
        return message
    }

    /// Puts an interface to work.
    ///
    /// - Parameter asksForAddresses: false = whatever is sent goes to the interface's own hardware address.
    static func up(_ interface: Int32, asksForAddresses: Bool = true) -> NetlinkMessage {
        var message = NetlinkMessage(.newLink)
        let flags = asksForAddresses ? isUp : isUp | isWithoutAddressResolution
        message.interfaceHeader(number: interface, set: flags, change: flags)
        return message
    }

    /// Gives an interface an address, and so a route to its network.
    static func address(_ address: IPv4Address, prefixBits: UInt8, of interface: Int32) -> NetlinkMessage {
        var message = NetlinkMessage(.newAddress, flags: [.create, .exclusive])
        message.addressHeader(prefixBits: prefixBits, interface: interface)
        message.attribute(.localAddress, bytes: address.bytes)
        message.attribute(.address, bytes: address.bytes)
        return message
    }

    private static let isUp: UInt32 = 0x1
    private static let isWithoutAddressResolution: UInt32 = 0x80
}
