import MitoCore

/// Values on a stream of bytes: each is its length in four bytes, the greatest first, and then its pickle.
///
/// ```swift
/// var reader = ValueReader()
/// reader.take(ValueReader.frame(["exit", 0]))
/// try reader.next() == .list(["exit", 0])
/// ```
struct ValueReader {
    /// What a stream may not say: it is closed then.
    enum Failure: Error, Hashable {
        /// A longer value than anybody sends.
        case tooLong(Int)
        case notAValue
    }

    /// A longer pickle is refused, before any of it is kept.
    static let valueBytesMax = 1 << 20

    private let bytesMax: Int
    private var bytes: [UInt8] = []
    private var start = 0

    init(valueBytesMax: Int = ValueReader.valueBytesMax) { bytesMax = valueBytesMax }

    /// The bytes of one value as they are sent.
    static func frame(_ value: Value) -> [UInt8] {
        let pickle = value.pickled()
        let length = UInt32(pickle.count)
        return [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: length >> UInt32($0)) } + pickle
    }

    /// Takes what has come in.
    mutating func take(_ news: some Collection<UInt8>) {
        if start > 0 {
            bytes.removeFirst(start)
            start = 0
        }
        bytes += news
    }

    /// The next value that is whole; nil when more must come in first.
    mutating func next() throws(Failure) -> Value? {
        let waiting = bytes[start...]
        guard waiting.count >= 4 else { return nil }
        let length = waiting.prefix(4).reduce(0) { $0 << 8 | Int($1) }
        guard length <= bytesMax else { throw .tooLong(length) }
        guard waiting.count >= 4 + length else { return nil }
        start += 4 + length
        guard let value = try? Value(pickled: Array(waiting.dropFirst(4).prefix(length))) else { throw .notAValue }
        return value
    }
}
