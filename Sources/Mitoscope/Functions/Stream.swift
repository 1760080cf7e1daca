import MitoCore

/// Items on their way to a sender's receiver: the numbers from 0, or blocks of bytes.
struct Stream: Hashable, Sendable {
    let destination: ContextID
    let handle: Handle
    let count: Int
    /// How long each block is; nil = the items are numbers.
    let size: Int?
    private var sent = 0

    init(to destination: ContextID, _ handle: Handle, count: Int, size: Int?) {
        self.destination = destination
        self.handle = handle
        self.count = count
        self.size = size
    }

    /// The next item as a message; nil after the last.
    mutating func next() -> Message? {
        guard sent < count else { return nil }
        defer { sent += 1 }
        let item = size.map { Value.bytes([UInt8](repeating: UInt8(truncatingIfNeeded: sent), count: $0)) }
        return Message(
            to: destination, handle: handle, encoding: .pickle, payload: (item ?? .int(Int64(sent))).pickled())
    }

    /// The message that closes the sender.
    func end(from own: ContextID) -> Message { .dead(Self.closed, to: destination, from: own, handle: handle) }

    /// How many items one turn of the driver sends.
    var itemsPerTurn: Int { max(1, min(Self.itemsPerTurnMax, Self.bytesPerTurn / max(1, size ?? 1))) }

    /// What a reader sees when its sender closed in good order.
    static let closed = "Sender was explicitly closed"
    private static let itemsPerTurnMax = 256
    private static let bytesPerTurn = 128 * 1024
}
