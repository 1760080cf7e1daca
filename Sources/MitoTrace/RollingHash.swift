public import MitoCore

/// The fold of all events of a run: two runs are the same, event for event, when their hashes are.
///
/// Integers only and the same on every machine. It guards against accidents, not against an adversary.
///
///     var hash = RollingHash()
///     hash.fold(event, in: context)
///     record.hash = hash.value
public struct RollingHash: Hashable, Sendable {
    /// The hash of everything folded so far.
    public private(set) var value: UInt64 = 0x6D69_746F_7363_6F70

    public init() {}

    /// Folds in one event: its context, its time and every field it has.
    public mutating func fold(_ event: Event, in context: ContextID) {
        fold(
            UInt64(context.rawValue) << 32 | UInt64(event.kind.rawValue) << 16
                | UInt64(event.reason.rawValue) << 8 | (event.upward ? 1 : 0))
        fold(UInt64(bitPattern: event.at.nanoseconds))
        fold(event.step)
        fold(event.cause)
        fold(pair(event.link.rawValue, event.length))
        fold(event.ordinal)
        fold(pair(event.destination.rawValue, event.source.rawValue))
        fold(pair(event.authority.rawValue, event.subject.rawValue))
        fold(pair(event.handle.rawValue, event.replyTo.rawValue))
        fold(event.digest)
        fold(event.text)
        fold(event.tag)
    }

    /// Folds in one word: a full multiplication whose halves are laid over each other.
    public mutating func fold(_ word: UInt64) {
        let product = (value ^ word ^ 0xA076_1D64_78BD_642F).multipliedFullWidth(by: 0xE703_7ED1_A0B4_28DB)
        value = (product.high ^ product.low) &+ (value << 23 | value >> 41)
    }

    /// Folds in a text: its length, then its UTF-8 in words, lowest byte first.
    public mutating func fold(_ text: String) {
        let utf8 = text.utf8
        fold(UInt64(utf8.count))
        var word: UInt64 = 0
        var shift: UInt64 = 0
        for byte in utf8 {
            word |= UInt64(byte) << shift
            shift += 8
            if shift == 64 {
                fold(word)
                word = 0
                shift = 0
            }
        }
        if shift > 0 { fold(word) }
    }

    private func pair(_ high: UInt32, _ low: UInt32) -> UInt64 { UInt64(high) << 32 | UInt64(low) }
}
