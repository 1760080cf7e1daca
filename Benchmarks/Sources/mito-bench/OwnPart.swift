import CReference

/// A piece of work that this program does itself, in a process that does nothing else.
enum OwnPart: Sendable {
    case cRoundTrip, cStream, cBlobs
    /// A call of a function that runs on the child's loop, and of one that runs on its thread for functions.
    case liveInlineCall, liveBlockingCall
    case liveStream, liveBlobs, liveStart, liveMemory
    case simulatedHops(contexts: Int)
    case road(Road, Traffic)

    /// As the command line says it.
    var name: String {
        switch self {
        case .cRoundTrip: "c-round-trip"
        case .cStream: "c-stream"
        case .cBlobs: "c-blobs"
        case .liveInlineCall: "live-inline-call"
        case .liveBlockingCall: "live-blocking-call"
        case .liveStream: "live-stream"
        case .liveBlobs: "live-blobs"
        case .liveStart: "live-start"
        case .liveMemory: "live-memory"
        case .simulatedHops(let contexts): "simulated-hops-\(contexts)"
        case .road(let road, let traffic): "road-\(road.rawValue)-\(traffic.rawValue)"
        }
    }

    static let all: [OwnPart] =
        [
            .cRoundTrip, .cStream, .cBlobs, .liveInlineCall, .liveBlockingCall, .liveStream, .liveBlobs, .liveStart,
            .liveMemory,
        ] + [2, 200, 20_000].map { .simulatedHops(contexts: $0) }
        + Road.allCases.flatMap { road in Traffic.allCases.map { .road(road, $0) } }

    init?(_ name: String) {
        guard let part = Self.all.first(where: { $0.name == name }) else { return nil }
        self = part
    }

    /// The figure, in the unit of the row it stands in.
    func measure() throws -> Double {
        switch self {
        case .cRoundTrip: c_round_trip(20_000, 48)
        case .cStream: c_stream(20_000_000, 32)
        case .cBlobs: c_stream(10_000, 1 << 20)
        case .liveInlineCall: try roundTripInLive("bench.inline", count: 10_000)
        case .liveBlockingCall: try roundTripInLive("bench.blocking", count: 10_000)
        case .liveStream: try streamInLive(count: 1_000_000, size: 32)
        case .liveBlobs: try streamInLive(count: 2_000, size: 1 << 20)
        case .liveStart: try startInLive(count: 50)
        case .liveMemory: try memoryInLive(children: 20)
        case .simulatedHops(let contexts): hopsInSimulation(contexts: contexts)
        case .road(let road, let traffic): try road.measure(traffic)
        }
    }
}
