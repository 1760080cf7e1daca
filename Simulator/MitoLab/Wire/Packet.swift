/// A packet under way, without its bytes: those lie in a store, under a number.
struct Packet {
    /// Where its bytes are.
    var slot: Int32
    /// How long it is, from the first byte of its IPv4 header.
    var bytes: Int32
    /// The host that it is for.
    var target: Int32
    /// Which hop of `Paths` it is at.
    var hop: Int32
    /// Behind the last hop of its path.
    var end: Int32
}
