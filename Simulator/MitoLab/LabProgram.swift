import Glibc
import MitoLinux

/// The main program of `mito-lab`, with its roles.
///
///     mito-lab host --key FILE --image PROGRAM [--listen ADDRESS:PORT]
///     mito-lab dial --key FILE [--hosts FILE] [--port PORT] HOST ARGUMENT…
///     mito-lab supervise
///     mito-lab leave PROGRAM ARGUMENT…
///     mito-lab probe
///
/// It is started by the lab and by contexts; people use `mitoscope lab`.
public enum LabProgram {
    /// Does what the arguments say, and never returns.
    public static func main() -> Never {
        Thread.blockBrokenPipeSignal()
        do throws(LabFailure) {
            try run(Array(CommandLine.arguments.dropFirst()))
            exit(0)
        } catch {
            complain(error.description)
            exit(error.isOfMachine ? missingStatus : usageStatus)
        }
    }

    private static func run(_ words: [String]) throws(LabFailure) {
        guard let role = words.first else { throw usage }
        var options = LabOptions(words.dropFirst())
        switch role {
        case "host": try host(&options)
        case "dial": try dial(&options)
        case "supervise": try Supervisor.run(ownerDescriptor: 0)
        case "leave": try leave(options.rest)
        case "probe": for line in WireProbe.run() { say(line + "\n") }
        case "--help", "-h": say(help)
        default: throw usage
        }
    }

    private static func host(_ options: inout LabOptions) throws(LabFailure) {
        let listen = try options.value("--listen") ?? "0.0.0.0:\(Lab.port)"
        let key = try LabKey(file: try options.required("--key"))
        let image = try options.required("--image")
        guard options.rest.isEmpty else { throw usage }
        let parts = listen.split(separator: ":")
        guard parts.count == 2, let address = IPv4Address(parts[0]), let port = UInt16(parts[1]) else {
            throw LabFailure("--listen takes ADDRESS:PORT and not '\(listen)'")
        }
        do throws(SystemError) {
            let trace = Machine.environmentVariable(traceVariable).map { ["\(traceVariable)=\($0)"] } ?? []
            let server = try HostServer(
                HostServer.Settings(address: address, port: port, key: key, image: image, environment: trace))
            say("\(try server.port())\n")
            try server.serve(while: 0)
        } catch {
            throw LabFailure("the host ends: \(error)", isOfMachine: true)
        }
    }

    private static func dial(_ options: inout LabOptions) throws(LabFailure) {
        let key = try LabKey(file: try options.required("--key"))
        let hosts = try options.value("--hosts") ?? HostsFile.path
        guard let port = UInt16(try options.value("--port") ?? "\(Lab.port)") else { throw usage }
        guard let host = options.rest.first else { throw usage }
        let request = StartRequest(arguments: Array(options.rest.dropFirst()), environment: Machine.environment)
        let target = Dial.Target(address: try HostsFile.address(of: host, in: hosts), port: port, key: key)
        switch Dial.run(target, request) {
        case .exited(let status): exit(status)
        case .signal(let number):
            SignalBell.endProcess(by: number)
            exit(128 + number)
        case .lost(let why):
            complain("\(host): \(why)")
            exit(lostStatus)
        case .failed(let code, let why):
            complain("\(host): \(why)")
            exit(code == ENOENT ? notFoundStatus : notRunStatus)
        }
    }

    /// Lets go of who has started this process, and becomes the program that is named.
    private static func leave(_ words: [String]) throws(LabFailure) {
        guard let program = words.first else { throw usage }
        ParentBond.release()
        do throws(SystemError) {
            try Machine.become(program, words)
        } catch {
            throw LabFailure("\(program) cannot be run: \(error.reason)", isOfMachine: true)
        }
    }

    private static func say(_ text: String) { write(text, to: 1) }
    private static func complain(_ text: String) { write("mito-lab: \(text)\n", to: 2) }

    private static func write(_ text: String, to number: Int32) {
        guard let copy = try? FileDescriptor.duplicate(of: number) else { return }
        _ = try? copy.writeAll(Array(text.utf8))
    }

    private static let usage = LabFailure("wrong usage; see mito-lab --help")
    private static let help = """
        mito-lab is what a lab of Mitoscope is made of; `mitoscope lab` starts it.

            mito-lab host --key FILE --image PROGRAM [--listen ADDRESS:PORT]
                starts PROGRAM for whoever dials and knows the key; ends with its stdin
            mito-lab dial --key FILE [--hosts FILE] [--port PORT] HOST ARGUMENT…
                is that program's stdin, stdout and stderr, and ends as it ends

        Exit status of dial: the program's, or the signal that ended it; 255 when the host is lost, 127 when the host
        has no such program, 126 when it cannot run it.

        """
    /// Where contexts append what happens to them; those of a host have the host's own.
    private static let traceVariable = "MITOSCOPE_TRACE"
    private static let usageStatus: Int32 = 64
    private static let missingStatus: Int32 = 69
    private static let notRunStatus: Int32 = 126
    private static let notFoundStatus: Int32 = 127
    private static let lostStatus: Int32 = 255
}
