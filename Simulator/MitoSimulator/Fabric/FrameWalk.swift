/// Counts the frames that pass, knowing nothing of a frame but its length field.
///
/// It is the fabric's own witness: what it counts must equal the frames that the production decoders report.
struct FrameWalk {
    /// Frames whose last byte has passed.
    private(set) var frames: UInt64 = 0

    /// What stands before the first frame: towards a child its preamble, towards a parent the marker that says `up`.
    init(before preface: Preface) { self.preface = preface }

    enum Preface {
        case bytes(left: Int)
        case marker(matched: Int)
        case none
    }

    mutating func passed(_ bytes: Span<UInt8>) {
        var index = skipPreface(bytes)
        while index < bytes.count {
            if headerSeen == 0, bytes.count - index >= Self.headerLength {
                for place in Self.lengthOffset..<Self.headerLength {
                    payloadLeft = payloadLeft << 8 | Int(bytes[index + place])
                }
                headerSeen = Self.headerLength
                index += Self.headerLength
            } else if headerSeen < Self.headerLength {
                if headerSeen >= Self.lengthOffset { payloadLeft = payloadLeft << 8 | Int(bytes[index]) }
                headerSeen += 1
                index += 1
            } else {
                let passed = min(payloadLeft, bytes.count - index)
                payloadLeft -= passed
                index += passed
            }
            if headerSeen == Self.headerLength, payloadLeft == 0 {
                frames += 1
                headerSeen = 0
            }
        }
    }

    // MARK: Parts

    private var preface: Preface
    private var headerSeen = 0
    private var payloadLeft = 0

    private static let headerLength = 26
    private static let lengthOffset = 22
    private static let marker: [UInt8] = Array("MITO002\n".utf8)

    /// The index of the first byte that belongs to a frame.
    private mutating func skipPreface(_ bytes: Span<UInt8>) -> Int {
        switch preface {
        case .none:
            return 0
        case .bytes(let left):
            let skipped = min(left, bytes.count)
            preface = skipped == left ? .none : .bytes(left: left - skipped)
            return skipped
        case .marker(var matched):
            for index in bytes.indices {
                // The marker's first letter stands in it once, so a mismatch can only be a new beginning.
                matched = bytes[index] == Self.marker[matched] ? matched + 1 : bytes[index] == Self.marker[0] ? 1 : 0
                if matched == Self.marker.count {
                    preface = .none
                    return index + 1
                }
            }
            preface = .marker(matched: matched)
            return bytes.count
        }
    }
}
