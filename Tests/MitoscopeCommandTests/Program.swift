import Foundation
import Testing

/// Runs the program that is built with the tests, from the package's folder.
func mitoscope(_ arguments: [String], _ environment: [String: String] = [:]) throws -> Finished {
    let process = Process()
    process.executableURL = root.appending(path: ".build/debug/mitoscope")
    process.currentDirectoryURL = root
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    return try Finished(process)
}

/// What a run of the program came to.
struct Finished {
    var status: Int32
    var output: String
    var complaints: String

    /// Runs a program to its end.
    init(_ process: Process) throws {
        let (output, complaints) = (Pipe(), Pipe())
        (process.standardOutput, process.standardError) = (output, complaints)
        try process.run()
        let text = try output.fileHandleForReading.readToEnd() ?? Data()
        let errors = try complaints.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        status = process.terminationStatus
        self.output = String(decoding: text, as: UTF8.self)
        self.complaints = String(decoding: errors, as: UTF8.self)
    }

    var lines: [String] { output.split(separator: "\n").map(String.init) }
}

/// A changed copy of a scenario, removed with its owner.
final class Copy {
    let path = FileManager.default.temporaryDirectory.appending(path: "mitoscope-\(UUID()).yaml").path

    init(of file: String, _ change: (String) -> String) throws {
        let text = try String(contentsOf: root.appending(path: file), encoding: .utf8)
        try change(text).write(toFile: path, atomically: true, encoding: .utf8)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// The number of the first line that has `word` in it.
    func line(of word: String) throws -> Int {
        let text = try String(contentsOfFile: path, encoding: .utf8)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        return try #require(lines.firstIndex { $0.contains(word) }) + 1
    }
}

/// The package's folder.
let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
