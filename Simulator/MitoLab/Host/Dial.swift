import Glibc
import MitoCore
import MitoLinux

/// What stands for a program on another host: `mito-lab dial HOST`, a child like any other to who starts it.
///
/// It copies bytes both ways between its own stdin and stdout and those of the program, passes on stderr and signals,
/// and ends as the program ended.
///
/// ```swift
/// Dial.run(Dial.Target(address: address, port: Lab.port, key: key), StartRequest(arguments: words, environment: []))
/// ```
final class Dial {
    struct Target {
        var address: IPv4Address
        var port: UInt16
        var key: LabKey
    }

    /// How it came to an end.
    enum Ending: Hashable {
        case exited(Int32)
        case signal(Int32)
        /// Nobody knows how the program ended.
        case lost(String)
        /// It never began.
        case failed(Int32, String)
    }

    private let stream: FileDescriptor
    private let control: FileDescriptor
    private let input: FileDescriptor
    private let output: FileDescriptor
    private let errors: FileDescriptor
    private let signals: SignalBell
    private var isConnected = (stream: false, control: false)
    private var up = StreamBuffer()
    private var down = StreamBuffer()
    private var toHost = StreamBuffer()
    private var toErrors = StreamBuffer()
    private var fromHost = ValueReader()
    private var isOutputClosed = false
    private var ending: Ending?
    /// When to give up what is still missing.
    private var deadline: Instant?
    private var buffer = [UInt8](repeating: 0, count: 64 * 1024)

    /// Dials, and returns when all is over.
    ///
    /// - Parameters:
    ///   - stdin, stdout, stderr: what becomes of the program's own.
    static func run(
        _ target: Target, _ request: StartRequest, stdin: Int32 = 0, stdout: Int32 = 1, stderr: Int32 = 2
    ) -> Ending {
        do throws(SystemError) {
            return try Dial(target, request, (stdin, stdout, stderr)).run()
        } catch {
            return .lost("\(error)")
        }
    }

    private init(
        _ target: Target, _ request: StartRequest, _ stdio: (in: Int32, out: Int32, errors: Int32)
    ) throws(SystemError) {
        input = try FileDescriptor.duplicate(of: stdio.in)
        output = try FileDescriptor.duplicate(of: stdio.out)
        errors = try FileDescriptor.duplicate(of: stdio.errors)
        try input.setNonblocking()
        try output.setNonblocking()
        signals = try SignalBell([SIGTERM, SIGINT, SIGHUP])
        // Both at once: a slow link is crossed no more often than it must be.
        control = try TCPSocket.connecting(to: target.address.number, port: target.port)
        stream = try TCPSocket.connecting(to: target.address.number, port: target.port)
        try TCPSocket.hasten(control)
        try TCPSocket.hasten(stream)
        let token = LabKey.randomBytes(StartRequest.Preface.tokenBytes)
        up.put(StartRequest.Preface(.stream, key: target.key, token: token).encoded)
        toHost.put(StartRequest.Preface(.control, key: target.key, token: token).encoded)
        toHost.put(ValueReader.frame(request.value))
        deadline = .monotonic + Self.connectTime
    }

    private enum Watched: UInt64 {
        case stream, control, input, output, errors, signals
    }

    private func run() throws(SystemError) -> Ending {
        var news: [Readiness] = []
        while true {
            if let ending = overEnding { return ending }
            let poller = PollPoller()
            try watch(with: poller)
            news.removeAll(keepingCapacity: true)
            try poller.wait(milliseconds: timeLeft, into: &news)
            for event in news { if let watched = Watched(rawValue: event.token) { try serve(watched, event) } }
            if let deadline, deadline <= .monotonic { giveUp() }
        }
    }

    private func watch(with poller: PollPoller) throws(SystemError) {
        func add(
            _ descriptor: borrowing FileDescriptor, _ watched: Watched, reads: Bool, writes: Bool
        ) throws(SystemError) {
            // Poll tells of a lost peer even where nobody asked; who wants nothing is not watched, or it would tell
            // again and again.
            guard reads || writes else { return }
            try poller.add(descriptor.number, token: watched.rawValue, reads: reads, writes: writes)
        }
        let writesUp = !isConnected.stream || up.hasBytes
        try add(stream, .stream, reads: isConnected.stream && down.wantsBytes, writes: writesUp && !up.isBroken)
        let writesControl = !isConnected.control || toHost.hasBytes
        let readsControl = isConnected.control && ending == nil && toErrors.wantsBytes
        try add(control, .control, reads: readsControl, writes: writesControl)
        try add(input, .input, reads: up.wantsBytes && !up.isBroken, writes: false)
        try add(output, .output, reads: false, writes: down.hasBytes)
        try add(errors, .errors, reads: false, writes: toErrors.hasBytes)
        try add(signals.descriptor, .signals, reads: true, writes: false)
    }

    private func serve(_ watched: Watched, _ event: Readiness) throws(SystemError) {
        switch watched {
        case .stream:
            guard try connect(stream, \.isConnected.stream, event) else { return }
            if event.isReadable, down.wantsBytes { readStream() }
            moveUp()
            moveDown()
        case .control:
            guard try connect(control, \.isConnected.control, event) else { return }
            if event.isReadable, toErrors.wantsBytes { readNews() }
            toHost.write(to: control)
        case .input:
            up.read(from: input, &buffer)
            moveUp()
        case .output: moveDown()
        case .errors: toErrors.write(to: errors)
        case .signals:
            for number in signals.take() { toHost.put(ValueReader.frame(StartNews.signal(number).value)) }
        }
    }

    /// Is the connection made? What it failed of ends all.
    private func connect(
        _ socket: borrowing FileDescriptor, _ isMade: ReferenceWritableKeyPath<Dial, Bool>, _ event: Readiness
    ) throws(SystemError) -> Bool {
        if self[keyPath: isMade] { return true }
        guard event.isWritable else { return false }
        do throws(SystemError) {
            try TCPSocket.checkConnection(socket)
        } catch {
            end(.lost("the host cannot be reached: \(error.reason)"))
            return false
        }
        self[keyPath: isMade] = true
        if isConnected == (true, true) { deadline = nil }
        return true
    }

    private func readStream() {
        down.read(from: stream, &buffer)
        // It may take long on a slow link, as long as something comes.
        if ending != nil { deadline = .monotonic + Self.lingerTime }
    }

    private func moveUp() {
        guard isConnected.stream else { return }
        up.write(to: stream)
        if up.isDone { FileDescriptor.endWriting(stream.number) }
    }

    private func moveDown() {
        down.write(to: output)
        // Nobody reads any more: the program is told so by a stream that is closed on it.
        if down.isBroken { up.end() }
        guard down.isDone, !isOutputClosed else { return }
        isOutputClosed = true
        FileDescriptor.endWriting(output.number)
    }

    private func readNews() {
        switch Result(catching: { () throws(SystemError) in try control.read(into: &buffer) }) {
        case .success(.bytes(let count)): fromHost.take(buffer[..<count])
        case .success(.wouldBlock): return
        case .success(.closed): return end(.lost("the host has closed the connection"))
        case .failure(let error): return end(.lost("the connection to the host is lost: \(error.reason)"))
        }
        do throws(ValueReader.Failure) {
            while let value = try fromHost.next() {
                switch StartNews(value) {
                case .errors(let bytes): toErrors.put(bytes)
                case .exited(let status): end(.exited(status))
                case .signal(let number): end(.signal(number))
                case .failed(let code, let why): end(.failed(code, why))
                case .started, nil: break
                }
            }
        } catch {
            end(.lost("the host does not speak as a host of a lab does"))
        }
    }

    private func end(_ ending: Ending) {
        self.ending = self.ending ?? ending
        deadline = .monotonic + Self.lingerTime
        if case .lost = ending { down.end() }
        if case .failed = ending { down.end() }
        moveDown()
    }

    /// How it came to an end, once all that the program has said is passed on.
    private var overEnding: Ending? {
        guard let ending, down.isDone, !toErrors.hasBytes || toErrors.isBroken else { return nil }
        return ending
    }

    /// What should have come by now has not.
    private func giveUp() {
        deadline = nil
        guard ending != nil else { return end(.lost("the host does not answer")) }
        // Somebody else holds the program's stream open.
        down.end()
        moveDown()
    }

    private var timeLeft: Int32 {
        guard let deadline else { return -1 }
        return Int32(clamping: max(0, (deadline - .monotonic).nanoseconds / 1_000_000 + 1))
    }

    /// How long the way to the host may take.
    private static let connectTime = Duration.seconds(60)
    /// How long a stream may say nothing after its program has ended.
    private static let lingerTime = Duration.seconds(30)
}
