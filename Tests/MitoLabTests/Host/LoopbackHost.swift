import TestSupport
import Foundation

@testable import MitoLab

/// `mito-lab host` on the loopback, ended with its owner, and the diallers of it.
final class LoopbackHost {
    let port: UInt16
    let keyFile: String
    private let process = Process()
    private let folder: URL
    private let lifeline = Pipe()

    /// A host whose program is a shell script; `$1` is the first argument.
    convenience init(running script: String, environment: [String: String] = [:]) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "mitoscope-host-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let program = folder.appending(path: "program").path
        try "#!/bin/sh\n\(script)\n".write(toFile: program, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program)
        try self.init(image: program, environment: environment, folder: folder)
    }

    init(image: String, environment: [String: String] = [:], folder: URL? = nil) throws {
        let place = folder ?? FileManager.default.temporaryDirectory.appending(path: "mitoscope-host-\(UUID())")
        try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
        self.folder = place
        keyFile = place.appending(path: "key").path
        try Data(LabKey().secret).write(to: URL(filePath: keyFile))
        process.executableURL = URL(filePath: Built.lab)
        process.arguments = ["host", "--key", keyFile, "--image", image, "--listen", "127.0.0.1:0"]
        process.environment = ["PATH": "/usr/bin:/bin"].merging(environment) { $1 }
        let output = Pipe()
        (process.standardInput, process.standardOutput) = (lifeline, output)
        try process.run()
        let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        guard let port = UInt16(line.trimmingCharacters(in: .newlines)) else { throw LabFailure("no host: \(line)") }
        self.port = port
    }

    deinit {
        try? lifeline.fileHandleForWriting.close()
        process.waitUntilExit()
        try? FileManager.default.removeItem(at: folder)
    }

    func kill() {
        Foundation.kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    /// Somebody who dials, while he does.
    struct Dialler {
        let process = Process()
        let input = Pipe()
        let output = Pipe()
        let errors = Pipe()

        func readLine() -> String? {
            var line: [UInt8] = []
            while let byte = try? output.fileHandleForReading.read(upToCount: 1)?.first, byte != 10 {
                line.append(byte)
            }
            return line.isEmpty ? nil : String(decoding: line, as: UTF8.self)
        }
    }

    struct Finished {
        var output: String
        var errors: String
        var reason: Process.TerminationReason
        var status: Int32
    }

    func start(
        _ words: [String], environment: [String: String] = [:], key: [UInt8]? = nil
    ) throws -> Dialler {
        let dialler = Dialler()
        var keyFile = keyFile
        if let key {
            keyFile = folder.appending(path: "other-key").path
            try Data(key).write(to: URL(filePath: keyFile))
        }
        dialler.process.executableURL = URL(filePath: Built.lab)
        dialler.process.arguments = ["dial", "--key", keyFile, "--port", "\(port)", "127.0.0.1"] + words
        dialler.process.environment = ["PATH": "/usr/bin:/bin"].merging(environment) { $1 }
        dialler.process.standardInput = dialler.input
        (dialler.process.standardOutput, dialler.process.standardError) = (dialler.output, dialler.errors)
        try dialler.process.run()
        return dialler
    }

    func dial(
        _ words: [String], input: String = "", environment: [String: String] = [:], key: [UInt8]? = nil
    ) throws -> Finished {
        let dialler = try start(words, environment: environment, key: key)
        try? dialler.input.fileHandleForWriting.write(contentsOf: Data(input.utf8))
        try? dialler.input.fileHandleForWriting.close()
        let output = try dialler.output.fileHandleForReading.readToEnd() ?? Data()
        let errors = try dialler.errors.fileHandleForReading.readToEnd() ?? Data()
        dialler.process.waitUntilExit()
        return Finished(
            output: String(decoding: output, as: UTF8.self), errors: String(decoding: errors, as: UTF8.self),
            reason: dialler.process.terminationReason, status: dialler.process.terminationStatus)
    }
}
