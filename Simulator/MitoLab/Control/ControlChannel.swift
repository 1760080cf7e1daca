import MitoCore
import MitoLinux

/// A unix stream on which values go both ways, each with the descriptors that belong to it.
///
/// ```swift
/// try channel.send(LabRequest.host("web").value)
/// let message = try channel.receive(within: .seconds(30))
/// ```
///
/// What is sent is `[number of descriptors, value]`. Who sends more than a few descriptors, or something else than
/// values, is cut off.
final class ControlChannel {
    /// A value and what came with it.
    struct Message {
        var value: Value
        /// In the order in which they were sent; closed when nobody takes them over.
        var descriptors: [Shared<FileDescriptor>] = []
    }

    private let socket: FileDescriptor
    private var reader: ValueReader
    private var outgoing: [UInt8] = []
    private var sentBytes = 0
    private var received: [Shared<FileDescriptor>] = []
    private var buffer = [UInt8](repeating: 0, count: 64 * 1024)

    /// - Parameter valueBytesMax: how long a value may be that comes in.
    init(_ socket: consuming FileDescriptor, valueBytesMax: Int = ValueReader.valueBytesMax) {
        self.socket = socket
        reader = ValueReader(valueBytesMax: valueBytesMax)
    }

    /// To be watched by a loop.
    var number: Int32 { socket.number }

    /// Sends all of it, where the socket waits; else what is not taken at once is left to `flush`. False when nobody
    /// reads any more.
    @discardableResult
    func send(_ value: Value, with descriptors: [Int32] = []) throws(SystemError) -> Bool {
        outgoing += ValueReader.frame(.list([.int(Int64(descriptors.count)), value]))
        return try flush(with: descriptors)
    }

    /// Is there something to be flushed? Nothing else should be sent until it is.
    var isSending: Bool { !outgoing.isEmpty }

    /// Goes on sending. False when nobody reads any more, or has no room for descriptors.
    func flush(with descriptors: [Int32] = []) throws(SystemError) -> Bool {
        while sentBytes < outgoing.count {
            switch try socket.send(outgoing, from: sentBytes, with: sentBytes == 0 ? descriptors : []) {
            case .bytes(let count): sentBytes += count
            case .wouldBlock: return descriptors.isEmpty || sentBytes > 0
            case .closed: return false
            }
        }
        (outgoing, sentBytes) = ([], 0)
        return true
    }

    /// Reads what is there. False at the end.
    func read() throws(SystemError) -> Bool {
        var came: [Int32] = []
        let transfer = try socket.receive(into: &buffer, with: &came)
        received += came.map { Shared(FileDescriptor(owning: $0)) }
        guard received.count <= Self.descriptorsMax else { return false }
        switch transfer {
        case .bytes(let count): reader.take(buffer[..<count])
        case .wouldBlock: break
        case .closed: return false
        }
        return true
    }

    /// The next whole message of what was read; nil when there is none. Throws when the other side makes no sense.
    func next() throws(LabFailure) -> Message? {
        let whole: Value?
        do throws(ValueReader.Failure) {
            whole = try reader.next()
        } catch {
            throw LabFailure("what came is no message of a lab")
        }
        guard let whole else { return nil }
        guard case .list(let parts) = whole, parts.count == 2, case .int(let count) = parts[0], count >= 0,
            count <= received.count
        else { throw LabFailure("what came is no message of a lab") }
        let own = Array(received.prefix(Int(count)))
        received.removeFirst(own.count)
        return Message(value: parts[1], descriptors: own)
    }

    /// Waits for the next message, at most so long; nil at the end of the stream.
    func receive(within time: Duration) throws(LabFailure) -> Message? {
        let end = Instant.monotonic + time
        while true {
            if let message = try next() { return message }
            do throws(SystemError) {
                guard try isReadable(until: end) else { break }
                if try !read() { return nil }
            } catch {
                throw LabFailure("the lab cannot be heard: \(error)")
            }
        }
        throw LabFailure("the lab has not answered for \(time)")
    }

    private func isReadable(until end: Instant) throws(SystemError) -> Bool {
        let poller = PollPoller()
        try poller.add(number, token: 0, reads: true, writes: false)
        var news: [Readiness] = []
        while news.isEmpty {
            let left = (end - .monotonic).nanoseconds / 1_000_000
            guard left > 0 else { return false }
            try poller.wait(milliseconds: Int32(clamping: left), into: &news)
        }
        return true
    }

    private static let descriptorsMax = 16
}
