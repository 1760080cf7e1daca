import Foundation

/// How many instructions a piece of the work takes: the same on a busy machine as on an idle one, so that a change of
/// some per cent can be seen.
///
/// They are what a longer run takes more than a shorter one, so that nothing of the start is in them. The processor
/// counts them where it may (`perf`), else valgrind does; the two count different things, and each has a baseline.
struct Counts {
    struct Piece {
        let title: String
        let contexts: Int
        /// Of a call in a tree of two, one hop is the call and one the reply.
        let hopsEach: Double
    }

    static let pieces = [
        Piece(title: "a simulated hop among 200 contexts", contexts: 200, hopsEach: 1),
        Piece(title: "a simulated hop among 20000 contexts", contexts: 20_000, hopsEach: 1),
        Piece(title: "a simulated call between two contexts", contexts: 2, hopsEach: 2),
    ]

    /// Counts every piece and prints how far it is from the baseline.
    ///
    /// - Parameters:
    ///   - isChecking: more than the tolerance above the baseline is a failure.
    ///   - isRecording: what was counted becomes the baseline.
    static func run(isChecking: Bool, isRecording: Bool) throws {
        guard let counter = try Counter.found() else { return print("Instructions: neither perf nor valgrind counts.") }
        var baselines = try Baselines.read()
        var worst = 0.0
        print("Instructions, as \(counter.name) counts them, and how far they are from Benchmarks/baseline.json:")
        for piece in pieces {
            let count = try counter.instructions(of: piece)
            let known = baselines.counts[counter.name]?[piece.title]
            let drift = known.map { Double(count) / Double($0) - 1 }
            worst = max(worst, drift ?? 0)
            let text = drift.map { String(format: "%+.1f %%", 100 * $0) } ?? "new"
            print("  \(piece.title): \(count) (\(text))")
            if isRecording { baselines.counts[counter.name, default: [:]][piece.title] = count }
        }
        if isRecording { try baselines.write() }
        if isChecking, worst > tolerance {
            fail(String(format: "more than %.0f %% above the baseline", 100 * tolerance), status: 1)
        }
    }

    private static let tolerance = 0.03
}

/// A program that counts another's instructions.
private struct Counter {
    let name: String
    /// What stands before the program's own command line.
    let words: [String]
    /// The number in what it writes to its stderr.
    let reading: @Sendable (Substring) -> Int?
    let program: String

    static func found() throws -> Counter? {
        // Valgrind knows no debugging information as new as ours.
        let stripped = FileManager.default.temporaryDirectory.appending(path: "mito-bench-counted").path
        let own = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().path
        guard try output(of: ["strip", "-o", stripped, own]) != nil else { return nil }
        let counters = [
            Counter(
                name: "perf", words: ["perf", "stat", "-x,", "-e", "instructions:u"],
                reading: { $0.contains("instructions") ? $0.split(separator: ",").first.flatMap { Int($0) } : nil },
                program: stripped),
            Counter(
                name: "valgrind",
                words: ["valgrind", "--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null"],
                reading: { line in
                    guard line.contains("I "), line.contains("refs:") else { return nil }
                    return line.split(separator: " ").last.flatMap { Int($0.filter { $0 != "," }) }
                },
                program: stripped),
        ]
        return try counters.first { try $0.run(contexts: 2, hops: 1) != nil }
    }

    func instructions(of piece: Counts.Piece) throws -> Int {
        guard let less = try run(contexts: piece.contexts, hops: 20_000),
            let more = try run(contexts: piece.contexts, hops: 60_000)
        else { throw MeasureFailed(command: words, said: "no count") }
        return Int(Double(more.count - less.count) / Double(more.hops - less.hops) * piece.hopsEach)
    }

    private func run(contexts: Int, hops: Int) throws -> (count: Int, hops: Int)? {
        let command = words + [program, "hops", "\(contexts)", "\(hops)"]
        guard let (said, errors) = try Self.output(of: command) else { return nil }
        guard let moved = Int(said.trimmingCharacters(in: .whitespacesAndNewlines)) else { return nil }
        return errors.split(separator: "\n").lazy.compactMap(reading).first.map { ($0, moved) }
    }

    /// What a program writes to stdout and stderr; nil when it is missing or fails.
    private static func output(of command: [String]) throws -> (said: String, errors: String)? {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = command
        // What Dictionary's seeds decide is no change of ours.
        process.environment = ProcessInfo.processInfo.environment.merging(["SWIFT_DETERMINISTIC_HASHING": "1"]) { $1 }
        let (said, errors) = (Pipe(), FileManager.default.temporaryDirectory.appending(path: "mito-bench-errors"))
        try Data().write(to: errors)
        process.standardOutput = said
        process.standardError = try FileHandle(forWritingTo: errors)
        try process.run()
        let text = try said.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { return nil }
        return (String(decoding: text, as: UTF8.self), try String(contentsOf: errors, encoding: .utf8))
    }
}

/// What was counted when somebody last thought it worth keeping: by counter and by piece.
private struct Baselines: Codable {
    var counts: [String: [String: Int]] = [:]

    static func read() throws -> Baselines {
        guard FileManager.default.fileExists(atPath: file.path) else { return Baselines() }
        return try JSONDecoder().decode(Baselines.self, from: Data(contentsOf: file))
    }

    func write() throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        try (encoder.encode(self) + Data("\n".utf8)).write(to: Self.file)
    }

    private static let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "baseline.json")
}
