import Glibc
import MitoCore
public import MitoLinks
import MitoLinux

/// A lab: hosts in network namespaces of their own, joined by links in user space. This is the hand on a running one.
///
/// ```swift
/// let lab = try Lab.start(plan, programs)
/// try lab.order(.cut(.both), onLinkOf: "web")
/// lab.end()
/// ```
///
/// Nothing of a lab is outside its namespaces: when its first process ends, however that comes, all is gone. That one
/// ends with whoever started the lab, unless the lab was let go.
public final class Lab {
    /// How a lab is started.
    public struct Settings: Sendable {
        /// Under this name others find it; nil = nobody else does.
        public var name: String?
        /// A folder in which what crosses each link is captured; nil = nothing is.
        public var captures: String?
        /// Do contexts append to a trace, which `traceInput` and `traceOutput` are open on?
        public var isTraced = false
        /// Does it go on when this process ends?
        public var isLeftRunning = false

        public init() {}
    }

    private let channel: ControlChannel
    private let programs: LabPrograms?
    private let process: Shared<ChildProcess>?
    private let trace: [Shared<FileDescriptor>]
    /// Where in the lab its files are; nil for a lab that somebody else started.
    private let folder: LabFolder?

    private init(
        _ channel: ControlChannel, _ process: Shared<ChildProcess>? = nil, _ programs: LabPrograms? = nil,
        _ trace: [Shared<FileDescriptor>] = [], _ folder: LabFolder? = nil
    ) {
        (self.channel, self.process, self.programs) = (channel, process, programs)
        (self.trace, self.folder) = (trace, folder)
    }

    /// Starts a lab; returns when programs can be started on its hosts. It ends with the calling thread, unless it is
    /// left running.
    public static func start(
        _ plan: LabPlan, _ programs: LabPrograms, _ settings: Settings = Settings()
    ) throws(LabFailure) -> Lab {
        try programs.check()
        if let folder = settings.captures {
            do throws(SystemError) {
                try FileDescriptor.makeFolder(folder)
            } catch {
                throw LabFailure("packets cannot be kept in '\(folder)': \(error.reason)")
            }
        }
        let lab: Result<Lab, LabFailure>
        do throws(SystemError) {
            lab = try begin(plan, programs, settings)
        } catch {
            throw LabFailure("no lab can be started: \(error)", isOfMachine: true)
        }
        return try lab.get()
    }

    /// A system's error is thrown, what the lab says of itself is a result.
    private static func begin(
        _ plan: LabPlan, _ programs: LabPrograms, _ settings: Settings
    ) throws(SystemError) -> Result<Lab, LabFailure> {
        let program = try FileDescriptor.reading(programs.lab)
        let image = try FileDescriptor.reading(programs.agent)
        // With the description go the programs, in this order, and the listening socket.
        var sent = [program.number, image.number]
        var listener: Shared<FileDescriptor>?
        if let name = settings.name {
            do throws(SystemError) {
                listener = Shared(try AbstractSocket.listening(LabName.socket(of: name)))
            } catch {
                guard error.isInUse else { throw error }
                return .failure(LabFailure("a lab '\(name)' is running; `mitoscope lab down --name \(name)` ends it"))
            }
        }
        if let listener { sent.append(listener.number) }
        let streams = try SocketPair()
        let errors = try FileDescriptor.inMemory("lab-errors")
        let command = NamespaceCommand.create(programs, isLeftRunning: settings.isLeftRunning)
        var handed = ChildProcess.Handed()
        handed.image = program.number
        let process = Shared(
            try ChildProcess(
                program: command[0], arguments: command, environment: Machine.environment, stream: streams.far,
                errors: errors.number, handed: handed))
        let channel = ControlChannel(streams.closingFar(), valueBytesMax: answerBytesMax)
        let id = LabName.newID()
        let setup = LabSetup(id: id, plan: plan, captures: settings.captures, isTraced: settings.isTraced)
        do throws(LabFailure) {
            let isHeard = (try? channel.send(setup.value, with: sent)) ?? false
            guard isHeard, let message = try channel.receive(within: startTime) else {
                return .failure(died(process, errors))
            }
            guard case .done? = LabAnswer(message.value) else {
                if case .refused(let why)? = LabAnswer(message.value) {
                    return .failure(LabFailure(why, isOfMachine: true))
                }
                return .failure(died(process, errors))
            }
            return .success(Lab(channel, process, programs, message.descriptors, LabFolder(id: id)))
        } catch {
            process.value.send(ChildProcess.killSignal)
            process.value.wait()
            return .failure(error)
        }
    }

    /// Why a lab that never came up did not.
    private static func died(_ process: Shared<ChildProcess>, _ errors: borrowing FileDescriptor) -> LabFailure {
        let exit = process.value.waitForExit()
        let said = (try? errors.contents(bytesMax: 4096)) ?? []
        let text = String(decoding: said, as: UTF8.self).split(separator: "\n").joined(separator: "; ")
        return LabFailure(text.isEmpty ? "the lab ended at once: \(exit.explanation)" : text, isOfMachine: true)
    }

    /// A lab that runs, by its name.
    public static func named(_ name: String) throws(LabFailure) -> Lab {
        let lab: Lab
        let user: UInt32
        do throws(SystemError) {
            let socket = try AbstractSocket.connected(LabName.socket(of: name))
            user = try AbstractSocket.peerUser(of: socket)
            lab = Lab(ControlChannel(socket, valueBytesMax: answerBytesMax))
        } catch {
            guard error.isRefused else { throw LabFailure("the lab '\(name)' cannot be reached: \(error)") }
            let others = LabName.running.map { "'\($0)'" }.joined(separator: ", ")
            let hint = others.isEmpty ? "none is running; `mitoscope lab up FILE` starts one" : "there is \(others)"
            throw LabFailure("no lab '\(name)' is running: \(hint)")
        }
        // A name is anybody's who takes it, and whoever answers says in whose namespaces programs are run.
        guard user == getuid() else { throw LabFailure("the lab '\(name)' is another user's, under a name of yours") }
        return lab
    }

    // MARK: Requests

    /// Does something to a link, which has the name of its lower end; in a mesh, those of its ends: `web:db`.
    public func order(_ order: LinkOrder, onLinkOf host: String) throws(LabFailure) {
        _ = try ask(.order(order, link: host))
    }

    /// How it is now.
    public func status() throws(LabFailure) -> LabStatus {
        guard case .done(let value)? = LabAnswer(try ask(.status).value), let status = LabStatus(value) else {
            throw LabFailure("the lab's answer is not one that this program knows")
        }
        return status
    }

    /// A host's first process, which is there as long as the lab.
    public func host(_ name: String) throws(LabFailure) -> LabHost {
        guard let descriptor = try ask(.host(name)).descriptors.first else {
            throw LabFailure("the lab has not handed over its host '\(name)'")
        }
        return try LabHost(name, descriptor)
    }

    /// Writes down now what was captured of links.
    public func flush() throws(LabFailure) { _ = try ask(.flush) }

    /// From now on it goes on without this process.
    public func letGo() throws(LabFailure) { _ = try ask(.outlive) }

    /// Ends it; returns when nothing of it is left.
    public func end() {
        _ = try? ask(.down)
        guard let process else { return }
        if process.value.waitForExit(nanoseconds: Self.endTime.nanoseconds) == nil {
            process.value.send(ChildProcess.killSignal)
            process.value.wait()
        }
    }

    /// Does it still run? Only asked by who has started it.
    public var isRunning: Bool { process.map { $0.value.reap() == nil } ?? true }

    private func ask(_ request: LabRequest) throws(LabFailure) -> ControlChannel.Message {
        do throws(SystemError) {
            _ = try channel.send(request.value)
        } catch {
            throw LabFailure("the lab cannot be asked: \(error)")
        }
        guard let message = try channel.receive(within: Self.answerTime) else { throw LabFailure("the lab has ended") }
        switch LabAnswer(message.value) {
        case .done: return message
        case .refused(let why): throw LabFailure(why)
        case nil: throw LabFailure("the lab's answer is not one that this program knows")
        }
    }

    // MARK: Contexts

    /// The file that contexts append to, as they find it in the lab.
    public var tracePath: String? { folder?.trace }
    /// That file, open for reading, and for appending; only of a traced lab, and of who started it.
    public var traceInput: Int32? { trace.first?.number }
    public var traceOutput: Int32? { trace.dropFirst().first?.number }

    /// The words of `python_path` with which a context in the lab starts one on another host.
    public func dialCommand(to host: String) -> [String] {
        guard let folder else { return [] }
        return [folder.lab, "dial", "--key", folder.key, "--hosts", folder.hosts, host]
    }

    /// The words with which a program outside starts a context on a host, as the host `origin` would.
    public func dialCommand(from origin: LabHost, to host: String) -> [String] {
        guard let programs else { return [] }
        return NamespaceCommand.enter(programs.ns, process: origin.pid) + dialCommand(to: host)
    }

    /// Where every host listens for those who start programs on it.
    static let port: UInt16 = 1077
    private static let startTime = Duration.seconds(60)
    /// The status of the largest mesh is shorter.
    private static let answerBytesMax = 128 << 20
    private static let answerTime = Duration.seconds(30)
    private static let endTime = Duration.seconds(10)
}
