import MitoCore
import MitoLinux

/// One connection to a host, from its first byte until it is closed.
final class Connection {
    private enum Stage {
        /// Its first bytes are coming in.
        case greeting([UInt8])
        /// A stream that waits for its request.
        case stream(token: [UInt8])
        /// The request is coming in.
        case asking(token: [UInt8], ValueReader)
        /// A request that waits for its stream.
        case waiting(token: [UInt8], StartRequest)
        /// The program was started, or could not be.
        case serving(Program)
        case gone
    }

    let socket: FileDescriptor
    private var stage = Stage.greeting([])
    /// By when it must have said what it is for, and found its partner.
    private let pairingDeadline: Instant

    init(_ socket: consuming FileDescriptor, pairingDeadline: Instant) {
        self.socket = socket
        self.pairingDeadline = pairingDeadline
    }

    /// When to look again whether it is over; nil = it takes as long as it takes.
    var deadline: Instant? {
        if case .serving(let program) = stage { program.deadline } else { pairingDeadline }
    }

    /// Under how many tokens a connection's descriptors are watched.
    static let watchedMax: UInt64 = 8

    func watch(with poller: PollPoller, as number: UInt64) throws(SystemError) {
        let token = number * Self.watchedMax
        switch stage {
        case .greeting, .asking:
            try poller.add(socket.number, token: token, reads: true, writes: false)
        case .serving(let program):
            try program.watch(with: poller, token: token, control: socket.number)
        case .stream, .waiting, .gone: break
        }
    }

    /// What it may be paired with; nil while it is not known, and afterwards.
    var pairingToken: [UInt8]? {
        switch stage {
        case .stream(let token), .waiting(let token, _): token
        case .greeting, .asking, .serving, .gone: nil
        }
    }

    var request: StartRequest? {
        if case .waiting(_, let request) = stage { request } else { nil }
    }

    /// Something is to be read or written: by the connection itself (0), or by its program.
    func serve(_ which: Int, key: LabKey, _ buffer: inout [UInt8]) {
        switch stage {
        case .greeting(let bytes): readPreface(after: bytes, key)
        case .asking(let token, let reader): readRequest(token, reader, &buffer)
        case .serving(let program): program.serve(Program.Watched(rawValue: which), control: socket, &buffer)
        case .stream, .waiting, .gone: break
        }
    }

    func start(image: String, _ environment: [String], stream: borrowing FileDescriptor) {
        guard case .waiting(_, let request) = stage else { return }
        let program = Program(request, image: image, environment, stream: stream)
        stage = .serving(program)
        program.flush(to: socket)
    }

    /// Is there nothing left to be done for it?
    func isGone(at now: Instant) -> Bool {
        switch stage {
        case .gone: true
        case .serving(let program): program.isOver(at: now)
        case .greeting, .stream, .asking, .waiting: pairingDeadline <= now
        }
    }

    /// Reads no byte more than the preface has: what follows on a stream is the program's.
    private func readPreface(after bytes: [UInt8], _ key: LabKey) {
        var room = [UInt8](repeating: 0, count: StartRequest.Preface.bytes - bytes.count)
        guard let news = read(into: &room) else { return }
        let bytes = bytes + news
        guard bytes.count == StartRequest.Preface.bytes else { return stage = .greeting(bytes) }
        guard let preface = StartRequest.Preface(bytes, key: key) else { return stage = .gone }
        stage =
            preface.purpose == .stream
            ? .stream(token: preface.token) : .asking(token: preface.token, ValueReader())
    }

    private func readRequest(_ token: [UInt8], _ reader: ValueReader, _ buffer: inout [UInt8]) {
        guard let news = read(into: &buffer) else { return }
        var reader = reader
        reader.take(news)
        do throws(ValueReader.Failure) {
            guard let value = try reader.next() else { return stage = .asking(token: token, reader) }
            stage = StartRequest(value).map { .waiting(token: token, $0) } ?? .gone
        } catch {
            stage = .gone
        }
    }

    /// What has come in; nil when nothing has. A connection at its end is gone.
    private func read(into room: inout [UInt8]) -> ArraySlice<UInt8>? {
        switch Result(catching: { () throws(SystemError) in try socket.read(into: &room) }) {
        case .success(.bytes(let count)): return room[..<count]
        case .success(.wouldBlock): return nil
        case .success(.closed), .failure:
            stage = .gone
            return nil
        }
    }
}
