import Foundation

/// What a row gave: for each side its figures, one per round, or none where it could not run.
struct Result: Sendable {
    let row: Row
    var figures: [[Double]]

    func median(_ side: Int) -> Double? {
        let sorted = figures[side].sorted()
        return sorted.isEmpty ? nil : sorted[sorted.count / 2]
    }

    /// How much worse the worst round is than the best, as a share of the best: the noise of this machine.
    func spread(_ side: Int) -> Double? {
        guard let least = figures[side].min(), let most = figures[side].max(), least > 0 else { return nil }
        return most / least - 1
    }

    /// How many times slower, or larger, `side` is than the first side.
    func ratio(_ side: Int) -> Double? {
        guard side > 0, let base = median(0), let own = median(side) else { return nil }
        return row.unit.isMoreBetter ? base / own : own / base
    }
}

/// Runs every side of every row once per round. Going round, instead of measuring one side to its end, spreads what
/// else the machine does over all sides.
struct Series {
    let rows: [Row]
    let rounds: Int

    func run() throws -> [Result] {
        var results = rows.map { Result(row: $0, figures: $0.sides.map { _ in [] }) }
        for round in 1...rounds {
            progress("round \(round) of \(rounds)")
            for (place, row) in rows.enumerated() {
                for (column, side) in row.sides.enumerated() {
                    if let figure = try figure(of: side, on: row.processor) {
                        results[place].figures[column].append(figure)
                    }
                }
            }
        }
        return results
    }

    /// The one number that the side prints; nil when there is no such program.
    private func figure(of side: Side, on processor: Int?) throws -> Double? {
        guard FileManager.default.isExecutableFile(atPath: side.command[0]) else { return nil }
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = (processor.map { ["taskset", "-c", "\($0)"] } ?? []) + side.command
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let text = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        let word = String(decoding: text, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        guard process.terminationStatus == 0, let figure = Double(word), figure > 0 else {
            throw MeasureFailed(command: side.command, said: word)
        }
        return figure
    }

    private func progress(_ text: String) {
        if isatty(STDERR_FILENO) == 1 { FileHandle.standardError.write(Data("\(text)\n".utf8)) }
    }
}

/// A side that ran and gave no figure.
struct MeasureFailed: Error {
    let command: [String]
    let said: String
}
