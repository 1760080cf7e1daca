/// An address of the internet protocol's version 4.
///
/// ```swift
/// print(IPv4Address(10, 77, 0, 1))                // 10.77.0.1
/// ```
public struct IPv4Address: Hashable, Sendable, CustomStringConvertible {
    /// Its 32 bits, the first byte highest.
    public let number: UInt32

    public init(_ number: UInt32) { self.number = number }

    public init(_ a: UInt8, _ b: UInt8, _ c: UInt8, _ d: UInt8) {
        number = UInt32(a) << 24 | UInt32(b) << 16 | UInt32(c) << 8 | UInt32(d)
    }

    /// Nil when the text is not four numbers of at most 255, with dots between them.
    public init?(_ text: some StringProtocol) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var number: UInt32 = 0
        for part in parts {
            guard part.utf8.count <= 3, part.utf8.allSatisfy((UInt8(ascii: "0")...UInt8(ascii: "9")).contains),
                let byte = UInt8(part)
            else { return nil }
            number = number << 8 | UInt32(byte)
        }
        self.number = number
    }

    /// Its four bytes as they are sent.
    public var bytes: [UInt8] { [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) } }

    public var description: String { bytes.map { "\($0)" }.joined(separator: ".") }
}
