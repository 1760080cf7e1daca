import MitoCore
import MitoLaunch
import MitoLinux
import Synchronization

/// Finds the process that leads a container, by asking the tool that made it. That may take its time, so it happens on
/// a thread of its own, with which the tool ends.
///
/// The tool is asked twice, the second time when a handle of the process is held: its number could have gone to another
/// process in between, and then the second answer differs, or the first process has ended.
final class LeaderSearch: Sendable {
    private let query: LeaderQuery
    private let environment: [String]
    private let answerMax: Duration
    private let isOver: WakeUp
    private let isCancelled: WakeUp
    private let outcome = Mutex<Result<Leader, StreamError>?>(nil)

    /// - Parameter answerMax: how long the tool may take each time.
    init(_ query: LeaderQuery, answerMax: Duration = .seconds(10)) throws(SystemError) {
        self.query = query
        self.answerMax = answerMax
        environment = Machine.environment
        isOver = try WakeUp()
        isCancelled = try WakeUp()
    }

    /// Readable once there is an outcome.
    var number: Int32 { isOver.number }

    /// Begins. Once only.
    func begin() throws(SystemError) {
        try Thread("mito-search") {
            let result = Result { () throws(StreamError) in try self.find() }
            self.outcome.withLock { $0 = result }
            self.isOver.ring()
        }.detach()
    }

    /// Nobody wants to know any more: the tool ends now.
    func cancel() { isCancelled.ring() }

    /// What was found. Only once `number` is readable.
    func found() throws(StreamError) -> Leader {
        guard let outcome = outcome.withLock({ $0 }) else { preconditionFailure("the search still goes on") }
        return try outcome.get()
    }

    private func find() throws(StreamError) -> Leader {
        let number = try ask()
        let leader = try Leader(of: number, "container '\(query.container)'")
        guard try ask() == number, leader.handle.isAlive else {
            throw StreamError("container '\(query.container)' was stopped or started while it was looked up")
        }
        return leader
    }

    private func ask() throws(StreamError) -> Int32 {
        let answer: (output: [UInt8], exit: ChildProcess.Exit?)
        do throws(SystemError) {
            answer = try run()
        } catch {
            throw query.notExecuted(error.reason)
        }
        let output = String(decoding: answer.output, as: UTF8.self)
        switch answer.exit {
        case .status(let status)?: return try query.leader(in: output, status: status)
        case .signal?:
            let end = answer.exit.map(\.explanation) ?? ""
            throw StreamError("\(query.commandLine) was ended by \(end): \(output)")
        case nil:
            throw StreamError("\(query.commandLine) did not end within \(answerMax): \(output)")
        }
    }

    /// Runs the tool until it ends, or until it is cancelled or has taken too long: then there is no exit. What it
    /// leaves running is not waited for.
    private func run() throws(SystemError) -> (output: [UInt8], exit: ChildProcess.Exit?) {
        let streams = try SocketPair()
        let tool = try ChildProcess(
            program: query.arguments[0], arguments: query.arguments, environment: environment, stream: streams.far,
            errors: streams.far.number)
        let stream = streams.closingFar()
        FileDescriptor.endWriting(stream.number)
        try stream.setNonblocking()
        let poller = PollPoller()
        for number in [tool.number, isCancelled.number] {
            try poller.add(number, token: UInt64(number), reads: true, writes: false)
        }
        try poller.add(stream.number, token: UInt64(stream.number), reads: true, writes: false)
        var output: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        let end = Instant.monotonic + answerMax
        var exit: ChildProcess.Exit?
        while exit == nil {
            let left = (end - .monotonic).nanoseconds / 1_000_000
            var news: [Readiness] = []
            if left > 0 { try poller.wait(milliseconds: Int32(clamping: left), into: &news) }
            if left <= 0 || news.contains(where: { $0.token == UInt64(isCancelled.number) }) {
                tool.send(ChildProcess.killSignal)
                tool.wait()
                return (output, nil)
            }
            exit = tool.reap()
            // All that it wrote is there once it has ended.
            reading: while true {
                switch try stream.read(into: &buffer) {
                case .bytes(let count): output += buffer[..<min(count, Self.outputBytesMax - output.count)]
                case .wouldBlock: break reading
                case .closed:
                    poller.remove(stream.number)
                    break reading
                }
            }
        }
        return (output, exit)
    }

    private static let outputBytesMax = 64 * 1024
}

/// The process whose namespaces a child joins.
final class Leader: Sendable {
    let handle: HeldProcess
    /// For people: `container 'web'`, `process 4711`.
    let title: String

    init(of number: Int32, _ title: String) throws(StreamError) {
        do throws(SystemError) {
            handle = try HeldProcess(pid: number)
        } catch {
            throw StreamError(
                error.isNoSuchProcess ? "\(title) has ended: there is no process \(number)" : "\(title): \(error)")
        }
        self.title = title
    }
}
