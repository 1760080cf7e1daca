/// One event as a flight recorder keeps it: 64 bytes without a reference, so that keeping one is a store and forgetting
/// one is nothing.
///
/// It has every number of an `Event`. Of frames it has the ordinal, of all else the first sixteen bytes of the text in
/// the same place. Tags are left out. A payload's digest is kept of DEL_ROUTE alone, where it tells who is gone.
struct FlightEntry: Hashable, Sendable {
    private var at: Int64
    private var kind: UInt8
    private var reason: UInt8
    private var isUpward: Bool
    /// How long the text was, in bytes; more than sixteen were not kept.
    private var textBytes: UInt8
    /// How many steps ago the cause was; 0 = none.
    private var causeDistance: UInt32
    private var link: UInt32
    private var destination: UInt32
    private var source: UInt32
    private var authority: UInt32
    private var subject: UInt32
    private var handle: UInt32
    private var replyTo: UInt32
    private var length: UInt32
    /// A frame's ordinal and digest, or the text's bytes, the first one lowest.
    private var low: UInt64
    private var high: UInt64

    static let byteCount = 64
    private static let textBytesMax = 16

    /// What is kept of `event`.
    @inline(__always)
    init(_ event: borrowing Event) {
        at = event.at.nanoseconds
        kind = event.kind.rawValue
        reason = event.reason.rawValue
        isUpward = event.upward
        causeDistance = event.cause == 0 ? 0 : UInt32(clamping: event.step &- event.cause)
        link = event.link.rawValue
        destination = event.destination.rawValue
        source = event.source.rawValue
        authority = event.authority.rawValue
        subject = event.subject.rawValue
        handle = event.handle.rawValue
        replyTo = event.replyTo.rawValue
        length = event.length
        if event.kind == .frameIn || event.kind == .frameOut {
            (textBytes, low, high) = (0, event.ordinal, event.handle == .delRoute ? event.digest : 0)
        } else {
            (textBytes, low, high) = Self.packed(event.text)
        }
    }

    /// What is kept of a frame, straight from its header. A step that cites nothing but itself has no cause.
    @inline(__always)
    init(
        _ kind: Event.Kind, _ header: FrameHeader, digest: UInt64 = 0, link: ContextID = .master,
        isUpward: Bool = false, ordinal: UInt64 = 0, causeDistance: UInt64, at time: Instant
    ) {
        at = time.nanoseconds
        self.kind = kind.rawValue
        reason = Event.Reason.none.rawValue
        self.isUpward = isUpward
        textBytes = 0
        self.causeDistance = UInt32(clamping: causeDistance)
        self.link = link.rawValue
        destination = header.destination.rawValue
        source = header.source.rawValue
        authority = header.authority.rawValue
        subject = 0
        handle = header.handle.rawValue
        replyTo = header.replyTo.rawValue
        length = header.length
        (low, high) = (ordinal, digest)
    }

    /// The event again, as far as it was kept; nil when these bytes are no event, as only a stranger's can be.
    func event(step: UInt64) -> Event? {
        guard let kind = Event.Kind(rawValue: kind), let reason = Event.Reason(rawValue: reason) else { return nil }
        var event = Event(kind)
        event.reason = reason
        event.upward = isUpward
        event.step = step
        event.cause = causeDistance == 0 || UInt64(causeDistance) > step ? 0 : step - UInt64(causeDistance)
        event.at = Instant(nanoseconds: at)
        event.link = ContextID(link)
        event.destination = ContextID(destination)
        event.source = ContextID(source)
        event.authority = ContextID(authority)
        event.subject = ContextID(subject)
        event.handle = Handle(handle)
        event.replyTo = Handle(replyTo)
        event.length = length
        if kind == .frameIn || kind == .frameOut {
            (event.ordinal, event.digest) = (low, high)
        } else {
            event.text = text
        }
        return event
    }

    // MARK: Text

    @inline(__always)
    private static func packed(_ text: String) -> (count: UInt8, low: UInt64, high: UInt64) {
        text.isEmpty ? (0, 0, 0) : packedBytes(of: text)
    }

    private static func packedBytes(of text: String) -> (count: UInt8, low: UInt64, high: UInt64) {
        let bytes = text.utf8.span
        var (low, high): (UInt64, UInt64) = (0, 0)
        for place in 0..<min(8, bytes.count) { low |= UInt64(bytes[place]) << UInt64(place * 8) }
        if bytes.count > 8 {
            for place in 8..<min(textBytesMax, bytes.count) { high |= UInt64(bytes[place]) << UInt64(place * 8 - 64) }
        }
        return (UInt8(clamping: bytes.count), low, high)
    }

    private var text: String {
        let kept = min(Int(textBytes), Self.textBytesMax)
        let bytes = (0..<kept).map { UInt8(truncatingIfNeeded: ($0 < 8 ? low : high) >> (UInt64($0 % 8) * 8)) }
        guard kept < textBytes else { return String(decoding: bytes, as: UTF8.self) }
        // Where a letter was cut in two its first half goes too.
        let whole = bytes.lastIndex { $0 & 0xC0 != 0x80 }.map { bytes[$0] < 0x80 ? bytes[...] : bytes[..<$0] } ?? []
        return String(decoding: whole, as: UTF8.self) + "…"
    }

    // MARK: Bytes

    /// Appends the 64 bytes as they travel, every number with its lowest byte first.
    func write(to bytes: inout [UInt8]) {
        func append(_ number: some FixedWidthInteger, to bytes: inout [UInt8]) {
            for shift in stride(from: 0, to: number.bitWidth, by: 8) {
                bytes.append(UInt8(truncatingIfNeeded: number >> shift))
            }
        }
        append(at, to: &bytes)
        bytes += [kind, reason, isUpward ? 1 : 0, textBytes]
        for number in [causeDistance, link, destination, source, authority, subject, handle, replyTo, length] {
            append(number, to: &bytes)
        }
        append(low, to: &bytes)
        append(high, to: &bytes)
    }

    /// Reads what `write` wrote. There must be 64 bytes from `offset` on.
    init(_ bytes: [UInt8], at offset: Int) {
        func number(_ place: Int, _ count: Int) -> UInt64 {
            (0..<count).reversed().reduce(0) { $0 << 8 | UInt64(bytes[offset + place + $1]) }
        }
        func word(_ place: Int) -> UInt32 { UInt32(truncatingIfNeeded: number(place, 4)) }
        at = Int64(bitPattern: number(0, 8))
        (kind, reason, isUpward, textBytes) = (
            bytes[offset + 8], bytes[offset + 9], bytes[offset + 10] != 0, bytes[offset + 11]
        )
        (causeDistance, link, destination, source) = (word(12), word(16), word(20), word(24))
        (authority, subject, handle, replyTo, length) = (word(28), word(32), word(36), word(40), word(44))
        (low, high) = (number(48, 8), number(56, 8))
    }
}
