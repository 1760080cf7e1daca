import Foundation
import Testing

/// What a program that was built beside these tests prints.
func output(of program: String, _ words: String...) throws -> String {
    let built = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
    return try output(of: built.appending(path: program), words)
}

/// What a program prints that ends well, from a process of its own, with Swift's own hash seeds.
func output(of program: URL, _ words: [String], in folder: URL? = nil) throws -> String {
    let process = Process()
    process.executableURL = program
    process.currentDirectoryURL = folder
    process.arguments = words
    process.environment = ProcessInfo.processInfo.environment.filter { $0.key != "SWIFT_DETERMINISTIC_HASHING" }
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let text = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0, "\(program.path) \(words.joined(separator: " "))")
    return String(decoding: text, as: UTF8.self)
}
