package import MitoLinux

/// Something that a test cannot do without.
package struct Missing: Error {
    package let what: String

    package init(what: String) { self.what = what }
}

/// Runs a program to its end.
@discardableResult
package func run(_ words: [String]) throws -> (exit: ChildProcess.Exit, output: String) {
    let pair = try SocketPair()
    let process = try ChildProcess(
        program: words[0], arguments: words, environment: Machine.environment, stream: pair.far,
        errors: pair.far.number)
    let stream = pair.closingFar()
    FileDescriptor.endWriting(stream.number)
    let exit = process.waitForExit()
    try stream.setNonblocking()
    return (exit, String(decoding: try stream.readAll(bytesMax: 1 << 20) ?? [], as: UTF8.self))
}

/// The same, where it must succeed.
package func mustRun(_ words: [String]) throws {
    let (exit, output) = try run(words)
    guard exit == .status(0) else { throw Missing(what: "\(words): \(exit): \(output)") }
}
