import MitoLinux

/// Bytes on their way from one descriptor to another, which a loop moves along: what was read waits until it is
/// written, and no more is read while too much waits.
struct StreamBuffer {
    private var bytes: [UInt8] = []
    private var start = 0
    /// Will nothing more come in?
    private(set) var isEnded = false
    /// Does nobody take it any more? What comes in is thrown away then.
    private(set) var isBroken = false

    init() {}

    /// Is there room for more?
    var wantsBytes: Bool { !isEnded && waiting < Self.waitingMax }
    /// Does something wait to be written?
    var hasBytes: Bool { waiting > 0 }
    /// Has all come in, and gone out?
    var isDone: Bool { isEnded && !hasBytes }
    private var waiting: Int { bytes.count - start }
    /// How much memory it takes, what has gone out included.
    var heldBytes: Int { bytes.count }

    mutating func put(_ news: some Collection<UInt8>) {
        guard !isBroken else { return }
        // Where something always waits, what has gone out would else be kept for ever.
        if start == bytes.count || start >= Self.waitingMax {
            bytes.removeFirst(start)
            start = 0
        }
        bytes += news
    }

    mutating func end() { isEnded = true }

    /// Nobody takes it any more.
    mutating func giveUp() {
        (bytes, start, isBroken) = ([], 0, true)
    }

    /// Reads once, as far as something is there.
    mutating func read(from descriptor: borrowing FileDescriptor, _ buffer: inout [UInt8]) {
        switch Result(catching: { () throws(SystemError) in try descriptor.read(into: &buffer) }) {
        case .success(.bytes(let count)): put(buffer[..<count])
        case .success(.wouldBlock): break
        case .success(.closed), .failure: end()
        }
    }

    /// Writes as much as is taken.
    mutating func write(to descriptor: borrowing FileDescriptor) {
        while hasBytes {
            let (bytes, start) = (bytes, start)
            switch Result(catching: { () throws(SystemError) in try descriptor.write(bytes, from: start) }) {
            case .success(.bytes(let count)): self.start += count
            case .success(.wouldBlock): return
            case .success(.closed), .failure: return giveUp()
            }
        }
    }

    private static let waitingMax = 256 * 1024
}
