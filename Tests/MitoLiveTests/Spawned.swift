import TestSupport
import Glibc
import MitoLinux

/// A child and our end of its stream.
final class Spawned {
    let process: ChildProcess
    let stream: FileDescriptor

    init(
        _ program: String?, _ arguments: [String], environment: [String] = Machine.environment,
        handed: ChildProcess.Handed = ChildProcess.Handed()
    ) throws {
        let pair = try SocketPair()
        process = try ChildProcess(
            program: program, arguments: arguments, environment: environment, stream: pair.far,
            handed: handed)
        stream = pair.closingFar()
    }

    /// All that it prints.
    func output() throws -> String {
        var text: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while case .bytes(let count) = try stream.read(into: &buffer) { text += buffer[..<count] }
        return String(decoding: text, as: UTF8.self)
    }

    func exit() async -> ChildProcess.Exit? {
        var exit: ChildProcess.Exit?
        _ = await Processes.eventually {
            exit = process.reap()
            return exit != nil
        }
        return exit
    }

    deinit {
        process.send(SIGKILL)
        while process.reap() == nil { sched_yield() }
    }
}
