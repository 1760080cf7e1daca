import Foundation

/// The table for people.
func textReport(_ results: [Result], rounds: Int) -> String {
    var lines = ["Medians of \(rounds) rounds in turns; in brackets how many times slower than the first.", ""]
    for result in results {
        let cells = result.row.sides.enumerated().map { column, side in
            let value = result.median(column).map { figure($0, result.row.unit) } ?? "not measured"
            let ratio = result.ratio(column).map { String(format: " (%.1f)", $0) } ?? ""
            let cell = "\(side.name) \(value)\(ratio)"
            return column == result.row.sides.count - 1 ? cell : padded(cell, column == 0 ? 16 : 32)
        }
        lines.append(padded(result.row.title, 36) + cells.joined())
    }
    let spreads = results.flatMap { result in result.row.sides.indices.compactMap(result.spread) }.sorted()
    if let most = spreads.last {
        let middle = spreads[spreads.count / 2]
        lines += ["", String(format: "Rounds differ by %.0f %% here, at worst %.0f %%: ", 100 * middle, 100 * most)]
        lines[lines.count - 1] += "trust the ratios of one run, not the figures."
    }
    return lines.joined(separator: "\n")
}

private func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(1, width - text.count))
}

/// The same for programs: medians in the row's unit, ratios, and every round.
func jsonReport(_ results: [Result]) throws -> String {
    struct Line: Encodable {
        let title: String, side: String, unit: String
        let median: Double?, ratio: Double?
        let rounds: [Double]
    }
    let lines = results.flatMap { result in
        result.row.sides.enumerated().map { column, side in
            Line(
                title: result.row.title, side: side.name, unit: result.row.unit.rawValue,
                median: result.median(column), ratio: result.ratio(column), rounds: result.figures[column])
        }
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    return String(decoding: try encoder.encode(lines), as: UTF8.self)
}

private func figure(_ value: Double, _ unit: Row.Unit) -> String {
    switch unit {
    case .bytes: String(format: "%.0f KiB", value / 1024)
    case .bitsPerSecond: String(format: "%.2f Gbit/s", value / 1e9)
    case .nanoseconds where value >= 1e6: String(format: "%.1f ms", value / 1e6)
    case .perSecond where value >= 1e6: String(format: "%.2f M/s", value / 1e6)
    case .perSecond where value >= 1e4: String(format: "%.1f k/s", value / 1e3)
    case .perSecond: String(format: "%.0f /s", value)
    case .nanoseconds: String(format: "%.1f us", value / 1000)
    }
}
