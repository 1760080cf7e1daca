public import MitoLinks

extension LinkTable {
    /// What stands in a tree beside the context at the lower end of a link: how long a frame travels, what can be sent
    /// in a second, and that some is lost. `5ms`, `4ms..6ms`, `5ms, up: 10kB/s`; empty where nothing is held up.
    ///
    /// ```swift
    /// let beside = scenario.links.note(on: "web")
    /// ```
    public func note(on context: String) -> String {
        let model = self[context]
        return LinkModel.OneWay.notes.flatMap { note in
            let (up, down) = (note(model.up), note(model.down))
            if up == down { return up.isEmpty ? [] : [up] }
            return [("up", up), ("down", down)].filter { !$0.1.isEmpty }.map { "\($0.0): \($0.1)" }
        }.joined(separator: ", ")
    }
}

extension LinkModel.OneWay {
    /// The same of one way.
    public var note: String { Self.notes.map { $0(self) }.filter { !$0.isEmpty }.joined(separator: ", ") }

    /// The parts of a note, each empty where there is nothing to note.
    fileprivate static var notes: [(LinkModel.OneWay) -> String] {
        [{ $0.delay.note }, { $0.bandwidth.map(rate) ?? "" }, { $0.loss == nil ? "" : "lossy" }]
    }

    /// In the largest unit that it is a whole number of.
    private static func rate(_ bytes: UInt64) -> String {
        let unit = ErrorSheet.units.last { bytes.isMultiple(of: $0.bytes) } ?? ("B", 1)
        return "\(bytes / unit.bytes)\(unit.name)/s"
    }
}

extension Delay {
    fileprivate var note: String {
        switch self {
        case .none: ""
        case .constant(let duration): "\(duration)"
        case .uniform(let least, let most): "\(least)..\(most)"
        case .exponential(let mean, _), .normal(let mean, _, _): "about \(mean)"
        }
    }
}
