import Glibc
import MitoCore
import MitoLinux
public import Mitoscope
import Synchronization

/// The main program of an image: a process that a parent starts and that becomes a context.
///
///     ContextProgram.main("mito-agent", functions: BuiltInFunctions.all + HostFunctions.all)
///
/// The parent starts it as it would start Python, ending in `-c DECODER BLOB NAME N`; only N, the length of the
/// preamble, is looked at. It reads frames from stdin and writes them to stdout, which may be one socket, two pipes or
/// a raw terminal. It ends with status 0 after an orderly end, and when the parent is gone.
public enum ContextProgram {
    /// What a program names as its image when it is the image itself.
    public static let ownImage = "/proc/self/exe"

    /// The image of whoever names none: this program, once it has shown that it can be one by `main` or
    /// `serveIfStarted`. Any other program would start itself again and again.
    public static var usualImage: String? { isPrepared.load(ordering: .relaxed) ? ownImage : nil }

    private static let isPrepared = Atomic(false)

    /// Becomes a context and never returns. Must be the first thing that a program does, on its main thread.
    public static func main(_ program: String, functions: [any ImageFunction]) -> Never {
        serveIfStarted(functions: functions)
        switch Invocation(Machine.arguments.dropFirst()) {
        case .help: leave(help(program), to: stdoutNumber, status: 0)
        case .version: leave("\(program) \(Mitoscope.version)\n", to: stdoutNumber, status: 0)
        case .mistake, .context: leave(help(program), to: stderrNumber, status: usageStatus)
        }
    }

    /// Becomes a context and never returns, if that is what this process was started for; else does nothing.
    ///
    /// A program that is its own image calls this before anything else:
    ///
    ///     ContextProgram.serveIfStarted(functions: [hostname])
    ///     try await withRouter(image: ContextProgram.ownImage) { router in … }
    public static func serveIfStarted(functions: [any ImageFunction]) {
        isPrepared.store(true, ordering: .relaxed)
        guard case .context(let name, let length) = Invocation(Machine.arguments.dropFirst()) else { return }
        Thread.setName("mitogen:\(name)")
        Thread.blockBrokenPipeSignal()
        Machine.disregardInterrupt()
        exit(serve(preambleLength: length, functions: functions))
    }

    private static func serve(preambleLength: Int, functions: [any ImageFunction]) -> Int32 {
        var settings = Broker.Settings(image: ownImage)
        settings.handedImage = HandedImage(ofEnvironment: ())
        settings.capturesStdio = true
        settings.hasErrorReader = Machine.takeEnvironmentVariable(ChildStart.errorsVariable) != nil
        settings.isLogging = false
        settings.answersSignal = true
        var configuration = Node.Configuration()
        configuration.isTraced = settings.tracePath != nil
        configuration.isDraining = true
        let agent = Agent(
            node: Node(childAwaiting: preambleLength, configuration: configuration), functions: functions)
        do throws(SystemError) {
            let mailbox = try Mailbox<Loop.Job>()
            var loop = try Loop(
                agent: agent, settings: settings, mailbox: mailbox, poller: try settings.makePoller()
            ) { deed in
                // The parent hurries a child along whose stream is closed; this one is on its way.
                if case .order(let output) = deed, case .exit = output.order { Machine.disregardTermination() }
            }
            let forwarding = LogForwarding(LoopWorld(mailbox))
            forwarding.install()
            loop.forwarding = forwarding
            // The loop alone holds it, so that a context that leaves its parent really hangs up.
            try loop.open(try takeStream())
            return status(of: try run(Helm(loop)))
        } catch {
            complain("cannot serve as a context: \(error)")
            return internalStatus
        }
    }

    /// Runs the loop on a thread of its own: the main thread serves the main actor, whose work may take its time.
    private static func run(_ helm: Helm) throws(SystemError) -> ExitReason {
        let main = try MainThread()
        let bond = ParentBond()
        let isHeld = Answer<Bool>()
        let reason = Answer<ExitReason>()
        try Thread("mito-broker") {
            bond.hold()
            isHeld.give(true)
            reason.give(helm.run())
            LastWords.spare()
            main.release()
        }.detach()
        if isHeld.wait() { bond.loosen() }
        main.serve()
        return reason.wait()
    }

    /// Takes over stdin and stdout, so that nothing else in this process can read or write the stream.
    private static func takeStream() throws(SystemError) -> LiveLink {
        let input = try FileDescriptor.duplicate(of: 0)
        let output = try FileDescriptor.duplicate(of: 1)
        try FileDescriptor.empty().install(as: 0)
        try FileDescriptor.duplicate(of: 2).install(as: 1)
        return LiveLink(.parent, input: input, output: output)
    }

    private static func status(of reason: ExitReason) -> Int32 {
        switch reason {
        case .shutdown, .parentLost: return 0
        case .corrupt(let what):
            complain(what)
            return dataStatus
        }
    }

    private static func complain(_ text: String) {
        write("mitoscope context \(Machine.processID): \(text)\n", to: stderrNumber)
    }

    private static func leave(_ text: String, to number: Int32, status: Int32) -> Never {
        write(text, to: number)
        exit(status)
    }

    private static func write(_ text: String, to number: Int32) {
        guard let copy = try? FileDescriptor.duplicate(of: number) else { return }
        _ = try? copy.write(Array(text.utf8))
    }

    private static func help(_ program: String) -> String {
        """
        \(program) is a context of a Mitoscope tree: a process that runs functions for others.

        It is started by its parent, which talks to it through stdin and stdout:

            \(program) … -c DECODER BLOB NAME N

        N is the length in bytes of the preamble that the parent sends first; NAME is what the process calls
        itself. A Python Mitogen program starts it with python_path="…/\(program)".

            --help       show this text
            --version    show the version

        """
    }

    private static let stdoutNumber: Int32 = 1
    private static let stderrNumber: Int32 = 2
    private static let usageStatus: Int32 = 64
    private static let dataStatus: Int32 = 65
    private static let internalStatus: Int32 = 70
}

extension ContextProgram {
    /// What the command line asks for.
    enum Invocation: Hashable {
        case context(remoteName: String, preambleLength: Int)
        case help, version
        /// It was not started by a parent.
        case mistake

        /// The longest preamble that is read.
        static let preambleBytesMax = 64 * 1024 * 1024

        /// Reads the arguments that follow the program's own name.
        init(_ arguments: some Collection<String>) {
            let words = Array(arguments)
            let tail = words.suffix(5)
            if tail.count == 5, tail.first == "-c", let length = Int(words[words.count - 1]),
                (1...Self.preambleBytesMax).contains(length)
            {
                self = .context(remoteName: words[words.count - 2], preambleLength: length)
            } else {
                switch words {
                case ["--help"], ["-h"]: self = .help
                case ["--version"]: self = .version
                default: self = .mistake
                }
            }
        }
    }
}
