import Foundation

/// One line of the table: the same work done by several sides.
struct Row: Sendable {
    enum Unit: String, Sendable {
        /// Nanoseconds for one: less is better.
        case nanoseconds = "ns"
        /// How many in a second: more is better.
        case perSecond = "per second"
        /// Bits in a second: more is better.
        case bitsPerSecond = "bit/s"
        /// Bytes: less is better.
        case bytes

        var isMoreBetter: Bool { self == .perSecond || self == .bitsPerSecond }
    }

    let title: String
    let unit: Unit
    /// Which processors the processes may use; nil = all.
    let processor: Int?
    /// In the order of the columns; the first one that gave a figure is what the others are compared with.
    let sides: [Side]

    static let all: [Row] =
        [nil, 0].flatMap { processor in
            let place = processor == nil ? "all CPUs" : "one CPU"
            return [
                Row(
                    title: "call, inline, \(place)", unit: .nanoseconds, processor: processor,
                    sides: [.own("C", .cRoundTrip), .own("Mitoscope", .liveInlineCall), .python("round-trip", "2000")]),
                Row(
                    title: "call, dispatched, \(place)", unit: .nanoseconds, processor: processor,
                    sides: [.own("C", .cRoundTrip), .own("Mitoscope", .liveBlockingCall)]),
                Row(
                    title: "stream of 32-byte items, \(place)", unit: .perSecond, processor: processor,
                    sides: [.own("C", .cStream), .own("Mitoscope", .liveStream), .python("stream", "20000")]),
                Row(
                    title: "stream of 1 MiB blobs, \(place)", unit: .perSecond, processor: processor,
                    sides: [.own("C", .cBlobs), .own("Mitoscope", .liveBlobs)]),
            ]
        }
        + [
            Row(
                title: "start of a local context", unit: .nanoseconds, processor: nil,
                sides: [.own("Mitoscope", .liveStart), .python("start", "20")]),
            Row(
                title: "private memory, idle child", unit: .bytes, processor: nil,
                sides: [.own("Mitoscope", .liveMemory), .python("memory", "5")]),
        ]
        + [2, 200, 20_000].map { contexts in
            Row(
                title: "simulated hops, \(contexts) contexts", unit: .perSecond, processor: 0,
                sides: [.own("Mitoscope", .simulatedHops(contexts: contexts))])
        }
}

extension Row {
    /// The lab's links beside those of the kernel. With one CPU, sender, wire and receiver share it.
    static let wire: [Row] = [nil, 0].flatMap { processor in
        let place = processor == nil ? "all CPUs" : "one CPU"
        return [
            Row(
                title: "TCP between two hosts, \(place)", unit: .bitsPerSecond, processor: processor,
                sides: [
                    .own("bare", .road(.bare, .tcp)), .own("wire", .road(.open, .tcp)),
                    .own("wire, 1 ms", .road(.delayed, .tcp)), .own("wire, single packets", .road(.shaped, .tcp)),
                ]),
            Row(
                title: "packets of 64 bytes, \(place)", unit: .perSecond, processor: processor,
                sides: [
                    .own("bare", .road(.bare, .udp)), .own("wire", .road(.open, .udp)),
                    .own("wire, 1 ms", .road(.delayed, .udp)), .own("wire, shaped", .road(.shaped, .udp)),
                ]),
        ]
    }
}

/// Who does the work of a row, as a command line that prints one number.
struct Side: Sendable {
    let name: String
    let command: [String]

    static func own(_ name: String, _ part: OwnPart) -> Side {
        Side(name: name, command: [executable, "measure", part.name])
    }

    /// Present when MITOSCOPE_VENV names an environment.
    static func python(_ words: String...) -> Side {
        let python = (ProcessInfo.processInfo.environment["MITOSCOPE_VENV"] ?? "none") + "/bin/python"
        return Side(name: "Python Mitogen", command: [python, script] + words)
    }

    private static let executable = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().path
    private static let script = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Python/mitogen_side.py").path
}
