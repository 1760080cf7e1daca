import Foundation
import Testing

/// A lab that was started by `mitoscope lab up`, ended with its owner.
final class UpLab {
    let name = "test-\(UInt32.random(in: 0...UInt32.max))"
    /// What `up` said.
    let output: [String]

    init(_ file: String, _ options: [String] = []) throws {
        let up = try mitoscope(["lab", "up", file, "--name", name] + options)
        output = up.lines
        try #require(up.status == 0, "\(up.complaints)")
    }

    deinit { _ = try? mitoscope(["lab", "down", "--name", name]) }

    /// Runs a program on a host to its end.
    func run(_ host: String, _ program: String..., environment: [String: String] = [:]) throws -> Finished {
        try mitoscope(["lab", "exec", "--name", name, host, "--"] + program, environment)
    }

    /// Starts a program on a host.
    func start(_ host: String, _ program: String...) throws -> Process {
        let process = Process()
        process.executableURL = root.appending(path: ".build/debug/mitoscope")
        process.currentDirectoryURL = root
        process.arguments = ["lab", "exec", "--name", name, host, "--"] + program
        (process.standardOutput, process.standardError) = (FileHandle.nullDevice, FileHandle.nullDevice)
        try process.run()
        return process
    }

    /// What a program says when it ends well at last; nil when it never does.
    func eventually(_ host: String, _ program: String...) throws -> String? {
        for _ in 0..<100 {
            let result = try mitoscope(["lab", "exec", "--name", name, host, "--"] + program)
            if result.status == 0 { return result.output }
            Thread.sleep(forTimeInterval: 0.05)
        }
        return nil
    }
}
