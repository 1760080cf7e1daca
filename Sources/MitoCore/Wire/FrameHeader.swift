/// The 26 bytes in front of every payload, big-endian.
public struct FrameHeader: Hashable, Sendable {
    public static let byteCount = 26

    public var encoding: Encoding
    public var destination: ContextID
    public var source: ContextID
    public var authority: ContextID
    public var handle: Handle
    public var replyTo: Handle
    /// Bytes of payload that follow.
    public var length: UInt32

    public var isDead: Bool { replyTo == .dead }

    public init(_ message: Message) {
        encoding = message.encoding
        destination = message.destination
        source = message.source
        authority = message.authority
        handle = message.handle
        replyTo = message.replyTo
        length = UInt32(message.payload.count)
    }

    /// Reads the header that starts at `offset`; nil when not all of it is there yet.
    public init?(_ bytes: Span<UInt8>, at offset: Int, payloadMax: Int) throws(FrameError) {
        guard bytes.count - offset >= Self.byteCount else { return nil }
        let signature = UInt16(bytes[offset]) << 8 | UInt16(bytes[offset + 1])
        guard let encoding = Encoding(rawValue: signature) else {
            throw .badSignature(signature)
        }
        self.encoding = encoding
        destination = ContextID(bytes.bigEndian32(at: offset + 2))
        source = ContextID(bytes.bigEndian32(at: offset + 6))
        authority = ContextID(bytes.bigEndian32(at: offset + 10))
        handle = Handle(bytes.bigEndian32(at: offset + 14))
        replyTo = Handle(bytes.bigEndian32(at: offset + 18))
        length = bytes.bigEndian32(at: offset + 22)
        guard Int(length) <= payloadMax else { throw .tooLong(length: Int(length), max: payloadMax) }
    }

    /// Appends the 26 bytes.
    public func write(to bytes: inout [UInt8]) {
        var header = InlineArray<26, UInt8>(repeating: 0)
        // Each word has its place within the 26 bytes.
        var span = header.mutableSpan
        var words = unsafe span.mutableBytes
        words.storeBytes(of: encoding.rawValue.bigEndian, as: UInt16.self)
        words.storeBytes(of: destination.rawValue.bigEndian, toByteOffset: 2, as: UInt32.self)
        words.storeBytes(of: source.rawValue.bigEndian, toByteOffset: 6, as: UInt32.self)
        words.storeBytes(of: authority.rawValue.bigEndian, toByteOffset: 10, as: UInt32.self)
        words.storeBytes(of: handle.rawValue.bigEndian, toByteOffset: 14, as: UInt32.self)
        words.storeBytes(of: replyTo.rawValue.bigEndian, toByteOffset: 18, as: UInt32.self)
        words.storeBytes(of: length.bigEndian, toByteOffset: 22, as: UInt32.self)
        bytes.append(header.span)
    }
}

/// Why bytes are no frame. Either ends the link they came on.
public enum FrameError: Error, Hashable, Sendable {
    case badSignature(UInt16)
    case tooLong(length: Int, max: Int)
}

extension Span<UInt8> {
    /// The four bytes at `offset`, which must be there, as one number.
    @inline(__always)
    func bigEndian32(at offset: Int) -> UInt32 {
        unsafe UInt32(bigEndian: bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }
}
