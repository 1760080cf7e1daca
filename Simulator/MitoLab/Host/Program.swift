import Glibc
import MitoCore
import MitoLinux

/// A program that a host has started for a caller, and what is told to that caller about it.
final class Program {
    /// What is watched of it: the caller's connection, the program's stderr, its end, and both ends of its stream.
    enum Watched: Int {
        case control, errors, end, caller, program
    }

    private var process: Shared<ChildProcess>?
    private var errors: Shared<FileDescriptor>?
    private var relay: Relay?
    private var fromCaller = ValueReader()
    private var toCaller = StreamBuffer()
    private var isCallerGone = false
    /// When to end it, or what waits for its caller; nil = never.
    private(set) var deadline: Instant?

    /// Starts it. When that fails, its caller is told why.
    init(_ request: StartRequest, image: String, _ environment: [String], stream: borrowing FileDescriptor) {
        do throws(SystemError) {
            let errors = try Pipe()
            try errors.output.setNonblocking()
            let streams = try SocketPair()
            try streams.near.setNonblocking()
            let caller = try FileDescriptor.duplicate(of: stream.number)
            process = Shared(
                try ChildProcess(
                    program: image, arguments: Self.arguments(request, image),
                    environment: Self.merged(request.environment, environment), stream: streams.far,
                    errors: errors.input.number))
            relay = Relay(caller: caller, program: streams.closingFar())
            self.errors = Shared(errors.closingInput())
            say(.started)
        } catch {
            say(.failed(error.code, "\(image): \(error)"))
            endTelling()
        }
    }

    /// A context shows what it is: `mitogen:NAME`, where the arguments end in `-c DECODER BLOB NAME N`.
    private static func arguments(_ request: StartRequest, _ image: String) -> [String] {
        let tail = request.arguments.suffix(5)
        let isContext = tail.count == 5 && tail.first == "-c"
        return [isContext ? "mitogen:\(request.arguments[request.arguments.count - 2])" : image] + request.arguments
    }

    /// The caller's environment, with ours in the place of what has the same name.
    private static func merged(_ theirs: [String], _ ours: [String]) -> [String] {
        let names = ours.map { $0.prefix { $0 != "=" } + "=" }
        return theirs.filter { variable in !names.contains { variable.hasPrefix($0) } } + ours
    }

    func watch(with poller: PollPoller, token first: UInt64, control: Int32) throws(SystemError) {
        func token(of watched: Watched) -> UInt64 { first + UInt64(watched.rawValue) }
        if !isCallerGone {
            try poller.add(control, token: token(of: .control), reads: true, writes: toCaller.hasBytes)
        }
        if let errors, toCaller.wantsBytes {
            try poller.add(errors.number, token: token(of: .errors), reads: true, writes: false)
        }
        if let process { try poller.add(process.value.number, token: token(of: .end), reads: true, writes: false) }
        try relay?.watch(with: poller, caller: token(of: .caller), program: token(of: .program))
    }

    func serve(_ watched: Watched?, control: borrowing FileDescriptor, _ buffer: inout [UInt8]) {
        switch watched {
        case .control: listen(to: control, &buffer)
        case .errors: readErrors(&buffer)
        case .end: reap(&buffer)
        case .caller, .program: relay?.move(&buffer)
        case nil: break
        }
        flush(to: control)
    }

    /// Tells the caller what is to be told, as far as it goes.
    func flush(to control: borrowing FileDescriptor) {
        toCaller.write(to: control)
        if toCaller.isDone { FileDescriptor.endWriting(control.number) }
    }

    /// Is it over, and does its caller know? What was to be ended by now is ended.
    func isOver(at now: Instant) -> Bool {
        if let time = deadline, time <= now {
            deadline = nil
            end()
        }
        return process == nil && isCallerGone
    }

    // MARK: The caller

    private func listen(to control: borrowing FileDescriptor, _ buffer: inout [UInt8]) {
        switch Result(catching: { () throws(SystemError) in try control.read(into: &buffer) }) {
        case .success(.wouldBlock): return
        case .success(.bytes(let count)): fromCaller.take(buffer[..<count])
        case .success(.closed), .failure: return loseCaller()
        }
        do throws(ValueReader.Failure) {
            while let value = try fromCaller.next() {
                guard case .signal(let number)? = StartNews(value), Self.signals.contains(number) else { continue }
                process?.value.send(number)
            }
        } catch {
            loseCaller()
        }
    }

    /// Its stream is at its end too: it may end by itself, for a moment.
    private func loseCaller() {
        isCallerGone = true
        toCaller.giveUp()
        if process != nil { deadline = .monotonic + Self.grace }
    }

    private func say(_ news: StartNews) { toCaller.put(ValueReader.frame(news.value)) }

    private func endTelling() {
        toCaller.end()
        // A caller that is not reached for so long learns nothing any more.
        deadline = .monotonic + Self.tellingTimeMax
    }

    // MARK: The process

    private func readErrors(_ buffer: inout [UInt8]) {
        while let errors, toCaller.wantsBytes {
            switch Result(catching: { () throws(SystemError) in try errors.value.read(into: &buffer) }) {
            case .success(.bytes(let count)): say(.errors(Array(buffer[..<count])))
            case .success(.wouldBlock): return
            case .success(.closed), .failure: self.errors = nil
            }
        }
    }

    private func reap(_ buffer: inout [UInt8]) {
        guard let exit = process?.value.reap() else { return }
        readErrors(&buffer)
        (process, errors) = (nil, nil)
        switch exit {
        case .status(let status): say(.exited(status & 255))
        case .signal(let number): say(.signal(number))
        }
        endTelling()
    }

    private func end() {
        guard let process else {
            isCallerGone = true
            return
        }
        // Who leads a session of its own has left its caller, and lives on.
        if getsid(process.value.pid) != process.value.pid { process.value.send(ChildProcess.killSignal) }
    }

    /// What a caller may send.
    private static let signals = [SIGHUP, SIGINT, SIGTERM]
    /// How long a program may go on without its caller.
    private static let grace = Duration.seconds(1)
    private static let tellingTimeMax = Duration.seconds(600)
}
