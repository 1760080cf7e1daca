import MitoLab
import MitoLinks
import MitoScenario

/// Hosts and links of a lab as people read them.
struct LabTable {
    let lines: [String]

    init(_ status: LabStatus) {
        let hosts = status.hosts.map { host in
            [host.name, host.address, host.processes.isEmpty ? "-" : host.processes.joined(separator: " ")]
        }
        let links = status.links.flatMap { link in
            Way.allCases.map { way in
                let one = link[way]
                return [
                    "\(link.upper) \(way == .down ? "→" : "←") \(link.lower)", Self.state(of: one), Self.model(of: one),
                    "\(one.packets)", "\(one.bytes)", Self.words(for: one.dropped), "\(one.queueBytes)",
                ]
            }
        }
        lines =
            Self.table([["HOST", "ADDRESS", "PROCESSES"]] + hosts) + [""]
            + Self.table([["LINK", "STATE", "LIKE", "PACKETS", "BYTES", "DROPPED", "QUEUED"]] + links)
            + (status.overrun == 0 ? [] : ["", "\(status.overrun) packets were lost by this machine: it is too busy"])
    }

    private static func state(of way: WireStatus.OneWay) -> String { way.isCut ? "cut" : way.isHeld ? "held" : "open" }

    /// `7 (4 lost, 3 cut)`
    private static func words(for dropped: WireStatus.Dropped) -> String {
        let reasons = dropped.reasons.filter { $0.packets > 0 }.map { "\($0.packets) \($0.word)" }
        return reasons.isEmpty ? "0" : "\(dropped.total) (\(reasons.joined(separator: ", ")))"
    }

    private static func model(of way: WireStatus.OneWay) -> String {
        way.model.note.isEmpty ? "-" : way.model.note
    }

    /// Columns as wide as what is in them, with two spaces between.
    private static func table(_ rows: [[String]]) -> [String] {
        let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            let cells = row.indices.map { column in
                row[column] + String(repeating: " ", count: widths[column] - row[column].count)
            }
            var line = cells.joined(separator: "  ")
            while line.last == " " { line.removeLast() }
            return line
        }
    }
}

/// The same for programs.
struct LabReport: Encodable {
    var lab: String
    var hosts: [Host]
    var links: [Link]
    /// Packets that this machine lost, and no link.
    var overrun: Int

    struct Host: Encodable {
        var name: String
        var address: String
        var processes: [String]
    }

    struct Link: Encodable {
        /// The end that gives the link its name.
        var lower: String
        var upper: String
        var up: OneWay
        var down: OneWay
    }

    struct OneWay: Encodable {
        var isCut: Bool
        var isHeld: Bool
        /// As the tree of a story shows it: `25ms, 1MB/s, lossy`; empty where nothing is held up.
        var like: String
        var packets: Int
        var bytes: Int
        /// Packets, by reason.
        var dropped: [String: Int]
        /// Bytes.
        var queued: Int

        init(_ way: WireStatus.OneWay) {
            (isCut, isHeld, like) = (way.isCut, way.isHeld, way.model.note)
            (packets, bytes, queued) = (way.packets, way.bytes, way.queueBytes)
            dropped = Dictionary(uniqueKeysWithValues: way.dropped.reasons.map { ($0.word, $0.packets) })
        }
    }

    init(_ name: String, _ status: LabStatus) {
        (lab, overrun) = (name, status.overrun)
        hosts = status.hosts.map { Host(name: $0.name, address: $0.address, processes: $0.processes) }
        links = status.links.map {
            Link(lower: $0.lower, upper: $0.upper, up: OneWay($0.up), down: OneWay($0.down))
        }
    }
}
