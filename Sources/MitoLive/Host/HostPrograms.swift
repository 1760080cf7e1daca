import MitoCore
import MitoLinux
public import Mitoscope

/// Programs.
extension HostFunctions {
    /// `run(program, argument…)` runs a program without a shell and waits for it. Returns a dict: its `status` (the
    /// signal that ended it as a negative number) and what it wrote as `output`, at most 64 MiB. Its stdin is empty;
    /// what it writes to stderr goes to the context's log.
    public static let run = blocking("run") { call in
        let words = call.arguments.compactMap(\.string)
        guard call.keywords.isEmpty, !words.isEmpty, words.count == call.arguments.count else {
            throw FunctionError.argument("run takes a program and its arguments, all of them text")
        }
        return try run(words)
    }

    /// `shell(command)` has `/bin/sh` run a line, and returns what `run` does.
    public static let shell = blocking("shell") { call in
        try run(["/bin/sh", "-c", try Arguments(of: call, labels: ["command"]).text("command")])
    }

    private static func run(_ words: [String]) throws -> Value {
        guard !words.contains(where: { $0.utf8.contains(0) }) else {
            throw FunctionError.argument("no word of a command has a zero byte in it")
        }
        let streams = try SocketPair()
        let process = try ChildProcess(
            program: words[0], arguments: words, environment: Machine.environment, stream: streams.far)
        let stream = streams.closingFar()
        FileDescriptor.endWriting(stream.number)
        let output = try stream.readAll(bytesMax: bytesMax)
        if output == nil { process.send(ChildProcess.killSignal) }
        let exit = process.waitForExit()
        guard let output else { throw FunctionError.argument("\(words[0]) wrote more than \(bytesMax) bytes") }
        let status: Int32 =
            switch exit {
            case .status(let code): code
            case .signal(let number): -number
            }
        return .dict([Value.Pair("status", .int(Int64(status))), Value.Pair("output", Value(contents: output))])
    }
}
