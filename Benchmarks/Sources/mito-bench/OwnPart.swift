import CReference

/// A piece of work that this program does itself, in a process that does nothing else.
enum OwnPart: Sendable {
    case cRoundTrip, cStream
    case liveRoundTrip, liveStream
    case simulatedHops(contexts: Int)

    /// As the command line says it.
    var name: String {
        switch self {
        case .cRoundTrip: "c-round-trip"
        case .cStream: "c-stream"
        case .liveRoundTrip: "live-round-trip"
        case .liveStream: "live-stream"
        case .simulatedHops(let contexts): "simulated-hops-\(contexts)"
        }
    }

    static let all: [OwnPart] =
        [.cRoundTrip, .cStream, .liveRoundTrip, .liveStream] + [2, 200, 20_000].map { .simulatedHops(contexts: $0) }

    init?(_ name: String) {
        guard let part = Self.all.first(where: { $0.name == name }) else { return nil }
        self = part
    }

    /// The figure, in the unit of the row it stands in.
    func measure() throws -> Double {
        switch self {
        case .cRoundTrip: c_round_trip(20_000, 48)
        case .cStream: c_stream(20_000_000, 32)
        case .liveRoundTrip: try roundTripInLive(count: 10_000)
        case .liveStream: try streamInLive(count: 1_000_000)
        case .simulatedHops(let contexts): hopsInSimulation(contexts: contexts)
        }
    }
}
