import Foundation

/// The table for people.
func textReport(_ results: [Result], rounds: Int) -> String {
    var lines = ["median of \(rounds) rounds; in brackets how good it is beside the first column (1.00 = equal)", ""]
    for result in results {
        let sides = result.row.sides.enumerated().map { column, side in
            let value = result.median(column).map { figure($0, result.row.unit) } ?? "not measured"
            let ratio = result.ratio(column).map { String(format: " (%.3f)", $0) } ?? ""
            return "\(side.name) \(value)\(ratio)"
        }
        lines.append(
            result.row.title.padding(toLength: 36, withPad: " ", startingAt: 0) + sides.joined(separator: "   "))
    }
    let spreads = results.flatMap { result in result.row.sides.indices.compactMap(result.spread) }
    lines += [
        "",
        String(format: "The rounds of one figure differ by up to %.0f %% here", 100 * (spreads.max() ?? 0))
            + String(format: " (%.0f %% in the middle): trust the ratios.", 100 * spreads.sorted()[spreads.count / 2]),
    ]
    return lines.joined(separator: "\n")
}

/// The same for programs: medians in the row's unit, ratios, and every round.
func jsonReport(_ results: [Result], rounds: Int) throws -> String {
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
    case .nanoseconds: String(format: "%.1f us", value / 1000)
    case .perSecond where value >= 1e6: String(format: "%.2f M/s", value / 1e6)
    case .perSecond: String(format: "%.1f k/s", value / 1e3)
    }
}
