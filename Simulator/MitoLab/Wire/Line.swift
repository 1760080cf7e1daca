import MitoLinux

/// A host's port with what is known of it.
final class Line {
    private let port: WirePort
    private var isBunching = true

    init(_ port: consuming WirePort) { self.port = port }

    var number: Int32 { port.packets.number }

    /// Lets the host's TCP send many segments as one packet, or not; only a change is told to the kernel.
    func settleBunching(_ isOn: Bool) throws(SystemError) {
        guard isOn != isBunching else { return }
        try port.setBunching(isOn)
        isBunching = isOn
    }

    func missed() -> UInt64 { UInt64(port.missed()) }
}
