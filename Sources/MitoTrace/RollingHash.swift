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
        fold(CollectionOfOne(event).span, in: context)
    }

    /// Folds in events of one context in their order.
    public mutating func fold(_ events: Span<Event>, in context: ContextID) {
        // Each field is read where it lies: an event is large to copy.
        for place in events.indices {
            let (hasText, hasTag) = (!events[place].text.isEmpty, !events[place].tag.isEmpty)
            fold(
                UInt64(context.rawValue) << 32 | UInt64(events[place].kind.rawValue) << 16
                    | UInt64(events[place].reason.rawValue) << 8 | (events[place].upward ? 1 : 0)
                    | (hasText ? 2 : 0) | (hasTag ? 4 : 0),
                UInt64(bitPattern: events[place].at.nanoseconds))
            fold(events[place].step, events[place].cause)
            fold(pair(events[place].link.rawValue, events[place].length), events[place].ordinal)
            fold(
                pair(events[place].destination.rawValue, events[place].source.rawValue),
                pair(events[place].authority.rawValue, events[place].subject.rawValue))
            fold(pair(events[place].handle.rawValue, events[place].replyTo.rawValue), events[place].digest)
            if hasText { fold(events[place].text) }
            if hasTag { fold(events[place].tag) }
        }
    }

    /// Folds in one word.
    public mutating func fold(_ word: UInt64) { fold(word, 0) }

    /// Folds in two words: a full multiplication whose halves are laid over each other.
    @inline(__always)
    private mutating func fold(_ first: UInt64, _ second: UInt64) {
        let product = (value ^ first ^ 0xA076_1D64_78BD_642F).multipliedFullWidth(by: second ^ 0xE703_7ED1_A0B4_28DB)
        value = (product.high ^ product.low) &+ (value << 23 | value >> 41)
    }

    /// Folds in a text: its UTF-8 in words, and with each the length of the whole.
    public mutating func fold(_ text: String) {
        guard !text.isEmpty else { return fold(0 as UInt64) }
        let bytes = unsafe text.utf8.span.bytes
        let count = bytes.byteCount
        guard count >= 8 else {
            var word: UInt64 = 0
            for place in 0..<count {
                word = unsafe word << 8 | UInt64(bytes.unsafeLoad(fromByteOffset: place, as: UInt8.self))
            }
            return fold(UInt64(count), word)
        }
        // The last word has what the one before it leaves over.
        var offset = 0
        while offset + 8 < count {
            fold(UInt64(count), Self.word(bytes, at: offset))
            offset += 8
        }
        fold(UInt64(count), Self.word(bytes, at: count - 8))
    }

    /// Eight bytes, which must be there, the lowest first.
    private static func word(_ bytes: RawSpan, at offset: Int) -> UInt64 {
        unsafe UInt64(littleEndian: bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }

    private func pair(_ high: UInt32, _ low: UInt32) -> UInt64 { UInt64(high) << 32 | UInt64(low) }
}
