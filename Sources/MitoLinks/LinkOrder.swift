public import MitoCore

/// What can be done to a link while it is at work.
///
/// ```swift
/// simulation.perform(.link(rack, .cut(.both)))
/// simulation.perform(.link(rack, .mend))
/// ```
public enum LinkOrder: Hashable, Sendable {
    /// Nothing gets through any more, and neither end can tell: what is sent waits to be sent again.
    case cut(Ways)
    /// The link breaks: what is in it is lost, and both ends see it closed.
    case reset
    /// Ends a cut. What waits is sent again, after the time that a loss takes to be noticed.
    case mend
    /// What arrives waits before the end of the link; the order is kept.
    case hold(Ways)
    /// Lets go at once what was held.
    case release(Ways)
    /// From the next frame on the link is like this.
    case set(LinkModel)

    /// One direction of a link, or both.
    public enum Ways: String, Hashable, Sendable, CaseIterable {
        case up, down, both

        public func contains(_ way: Way) -> Bool { self == .both || rawValue == way.rawValue }
    }

    /// Does it change how the link's ends take bytes? A new model does not.
    public var isGateOrder: Bool {
        if case .set = self { false } else { true }
    }
}

extension LinkOrder: CustomStringConvertible {
    /// As a trace has it: `cut`, `cut up`, `reset`, `mend` …
    public var description: String {
        switch self {
        case .cut(let ways): "cut\(ways.words)"
        case .reset: "reset"
        case .mend: "mend"
        case .hold(let ways): "hold\(ways.words)"
        case .release(let ways): "release\(ways.words)"
        case .set: "set-link"
        }
    }
}

extension LinkOrder.Ways {
    fileprivate var words: String { self == .both ? "" : " \(rawValue)" }
}

extension LinkOrder {
    /// The order as it travels to a live link's end.
    public var value: Value {
        switch self {
        case .cut(let ways): .list(["cut", .text(Text(ways.rawValue))])
        case .reset: .list(["reset"])
        case .mend: .list(["mend"])
        case .hold(let ways): .list(["hold", .text(Text(ways.rawValue))])
        case .release(let ways): .list(["release", .text(Text(ways.rawValue))])
        case .set(let model): .list(["set", LinkOption(model, seed: 0).value])
        }
    }

    /// Nil when the value is not one that `value` gives.
    public init?(_ value: Value) {
        guard case .list(let parts) = value, let word = parts.first?.string, parts.count <= 2 else { return nil }
        let ways = parts.last?.string.flatMap(Ways.init)
        switch (word, ways) {
        case ("cut", let ways?): self = .cut(ways)
        case ("hold", let ways?): self = .hold(ways)
        case ("release", let ways?): self = .release(ways)
        case ("reset", _): self = .reset
        case ("mend", _): self = .mend
        case ("set", _):
            guard let option = parts.last.flatMap(LinkOption.init(_:)) else { return nil }
            self = .set(option.model)
        default: return nil
        }
    }
}

extension Gate {
    /// Carries an order out, as far as it concerns this way.
    public mutating func perform(_ order: LinkOrder, _ way: Way, at now: Instant, retransmit: Duration) {
        switch order {
        case .cut(let ways): if ways.contains(way) { cut() }
        case .mend: mend(at: now, retransmit: retransmit)
        case .hold(let ways): if ways.contains(way) { hold() }
        case .release(let ways): if ways.contains(way) { release() }
        case .reset, .set: break
        }
    }
}
