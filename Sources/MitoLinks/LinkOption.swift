public import MitoCore

/// A link's model and the seed of its chance, as they travel to both ends of a live link: as an option of the
/// connection, and from there in the child's preamble.
///
/// ```swift
/// request.options.append(Value.Pair("link", LinkOption(model, seed: 7).value))
/// ```
public struct LinkOption: Hashable, Sendable {
    public var model: LinkModel
    public var seed: UInt64

    public init(_ model: LinkModel, seed: UInt64) {
        self.model = model
        self.seed = seed
    }

    /// The option among those of a connection, or what a parent gave its child at the start; nil when there is none,
    /// or it is none of ours.
    public init?(in options: [Value.Pair]) {
        let option = options.first { $0.key == .text(Self.key) || $0.key == .text(Self.bootKey) }
        guard let option else { return nil }
        self.init(option.value)
    }

    /// Nil when the value is not one that `value` gives.
    public init?(_ value: Value) {
        guard case .int(let seed)? = value[key: "seed"], let up = value[key: "up"], let down = value[key: "down"],
            let up = LinkModel.OneWay(up), let down = LinkModel.OneWay(down)
        else { return nil }
        self.init(LinkModel(up: up, down: down), seed: UInt64(bitPattern: seed))
    }

    public var value: Value {
        .dict([
            Value.Pair("seed", .int(Int64(bitPattern: seed))), Value.Pair("up", model.up.value),
            Value.Pair("down", model.down.value),
        ])
    }

    public static let key = "link"
    private static let bootKey = "mitoscope_link"
}

extension LinkModel.OneWay {
    fileprivate var value: Value {
        var pairs = [Value.Pair("delay", delay.value), Value.Pair("queue", .int(Int64(queue)))]
        if let bandwidth { pairs.append(Value.Pair("bandwidth", .int(Int64(clamping: bandwidth)))) }
        if let loss { pairs.append(Value.Pair("loss", loss.value)) }
        return .dict(pairs)
    }

    fileprivate init?(_ value: Value) {
        guard let delay = value[key: "delay"].flatMap(Delay.init), case .int(let queue)? = value[key: "queue"],
            queue >= 0
        else { return nil }
        self.init(delay: delay, queue: Int(queue))
        if let value = value[key: "bandwidth"] {
            guard case .int(let rate) = value, rate > 0 else { return nil }
            bandwidth = UInt64(rate)
        }
        if let value = value[key: "loss"] {
            guard let loss = Loss(value) else { return nil }
            self.loss = loss
        }
    }
}

extension Delay {
    fileprivate var value: Value {
        switch self {
        case .constant(let duration): .list(["constant", duration.value])
        case .uniform(let least, let most): .list(["uniform", least.value, most.value])
        case .exponential(let mean, let floor): .list(["exponential", mean.value, floor.value])
        case .normal(let mean, let deviation, let floor):
            .list(["normal", mean.value, deviation.value, floor.value])
        }
    }

    fileprivate init?(_ value: Value) {
        guard case .list(let parts) = value, let word = parts.first?.string else { return nil }
        let durations = parts.dropFirst().compactMap(Duration.init)
        switch (word, durations.count) {
        case ("constant", 1): self = .constant(durations[0])
        case ("uniform", 2): self = .uniform(durations[0], durations[1])
        case ("exponential", 2): self = .exponential(mean: durations[0], floor: durations[1])
        case ("normal", 3): self = .normal(mean: durations[0], deviation: durations[1], floor: durations[2])
        default: return nil
        }
    }
}

extension Loss {
    fileprivate var value: Value {
        var parts = [chance.value, retransmit.value]
        if let burst { parts += [burst.enter.value, burst.leave.value] }
        return .list(parts)
    }

    fileprivate init?(_ value: Value) {
        guard case .list(let parts) = value, parts.count == 2 || parts.count == 4,
            let chance = Ratio(parts[0]), let retransmit = Duration(parts[1])
        else { return nil }
        self.init(chance, retransmit: retransmit)
        guard parts.count == 4 else { return }
        guard let enter = Ratio(parts[2]), let leave = Ratio(parts[3]) else { return nil }
        burst = Burst(enter: enter, leave: leave)
    }
}

extension Ratio {
    fileprivate var value: Value { .list([.int(Int64(numerator)), .int(Int64(denominator))]) }

    fileprivate init?(_ value: Value) {
        guard case .list(let parts) = value, parts.count == 2, case .int(let numerator) = parts[0],
            case .int(let denominator) = parts[1], let numerator = UInt32(exactly: numerator),
            let denominator = UInt32(exactly: denominator), denominator > 0, numerator <= denominator
        else { return nil }
        self.init(numerator, denominator)
    }
}

extension Duration {
    fileprivate var value: Value { .int(nanoseconds) }

    fileprivate init?(_ value: Value) {
        guard case .int(let nanoseconds) = value else { return nil }
        self.init(nanoseconds: nanoseconds)
    }
}
