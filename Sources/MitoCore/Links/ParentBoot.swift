/// The parent's side of bringing a child up: whatever it prints is read as lines until it says that frames follow.
///
/// The first stage may be a shell, `sudo` or a banner, so any line may come before a marker, and a marker may stand
/// anywhere in its line.
struct ParentBoot: Hashable, Sendable {
    /// What a line of the child's means.
    enum Step: Hashable, Sendable {
        /// The first stage waits for the preamble.
        case wantsPreamble
        /// The child is up; what follows in this chunk are frames.
        case up
    }

    let preamble: [UInt8]
    /// The connect command that this child answers.
    let connect: ConnectID
    private var line: [UInt8] = []
    private var latest: [[UInt8]] = []
    private var hasSentPreamble = false
    /// What the child says that it is.
    private(set) var build: Build?

    init(preamble: [UInt8], connect: ConnectID) {
        self.preamble = preamble
        self.connect = connect
    }

    /// Reads on from `offset`; returns the next step, or nil when the chunk has none.
    mutating func read(_ bytes: Span<UInt8>, from offset: inout Int) -> Step? {
        while offset < bytes.count {
            let byte = bytes[offset]
            offset += 1
            guard byte == UInt8(ascii: "\n") else {
                if line.count < Self.lineBytesMax { line.append(byte) }
                continue
            }
            let ended = line
            line = []
            if Self.ready.isContained(in: ended) { return .up }
            if Self.first.isContained(in: ended), !hasSentPreamble {
                hasSentPreamble = true
                return .wantsPreamble
            }
            if ended.starts(with: Self.introduction) {
                build = Build(String(decoding: ended.dropFirst(Self.introduction.count), as: UTF8.self))
            } else if !Self.unpacked.isContained(in: ended) {
                keep(ended)
            }
        }
        return nil
    }

    /// What to say when the stream ended before the child was up.
    func endOfStream(_ end: ChildEnd?) -> String {
        var lines = (line.isEmpty ? latest : latest + [line]).map { String(decoding: $0, as: UTF8.self) }
        if let end { lines.append(end.bootText) }
        return "EOF on stream; last 100 lines received:\n" + lines.joined(separator: "\n")
    }

    private mutating func keep(_ ended: [UInt8]) {
        if latest.count == Self.linesMax { latest.removeFirst() }
        latest.append(ended)
    }

    private static let linesMax = 100
    private static let lineBytesMax = 4096
    static let first = Array("MITO000".utf8)
    static let unpacked = Array("MITO001".utf8)
    static let ready = Array("MITO002".utf8)
    /// Of a child of ours to a parent of ours: what follows is its build. The original's markers all begin otherwise.
    static let introduction = Array("mitoscope ".utf8)
}

/// The child's side: it says that it is there, reads its preamble, and says that it is up.
struct ChildBoot: Hashable, Sendable {
    let preambleLength: Int
    private(set) var preamble: [UInt8] = []

    init(preambleLength: Int) { self.preambleLength = preambleLength }

    var isComplete: Bool { preamble.count >= preambleLength }

    /// A zlib stream, as a Python parent sends it, begins with 0x78, which no preamble of ours does.
    var isCompressed: Bool { preamble.first == 0x78 }

    /// Takes what belongs to the preamble; returns how many bytes that was.
    mutating func read(_ bytes: Span<UInt8>) -> Int {
        let count = min(bytes.count, preambleLength - preamble.count)
        preamble.append(bytes.extracting(0..<count))
        return count
    }

    static let hello = ParentBoot.first + [UInt8(ascii: "\n")]
    static let unpacked = ParentBoot.unpacked + [UInt8(ascii: "\n")]
    static let ready = ParentBoot.ready + [UInt8(ascii: "\n")]

    static func introduction(_ build: Build) -> [UInt8] {
        ParentBoot.introduction + Array(build.text.utf8) + [UInt8(ascii: "\n")]
    }
}

extension [UInt8] {
    /// Does this stand somewhere in `other`?
    fileprivate func isContained(in other: [UInt8]) -> Bool {
        guard other.count >= count else { return false }
        return (0...(other.count - count)).contains { start in other[start..<(start + count)].elementsEqual(self) }
    }

    /// Appends a span.
    mutating func append(_ bytes: Span<UInt8>) {
        unsafe bytes.withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
    }

    /// The bytes of a span.
    init(_ bytes: Span<UInt8>) {
        self = unsafe bytes.withUnsafeBufferPointer { unsafe Array($0) }
    }
}
