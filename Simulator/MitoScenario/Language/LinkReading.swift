import MitoCore
import MitoLinks

extension LinkModel {
    /// `{ delay: 1ms }`, `{ delay: 20ms..30ms, loss: 1/100, up: { delay: 40ms } }`; what is not said is as in
    /// `standard`.
    static func read(_ item: Item, standard: LinkModel, _ sheet: ErrorSheet) -> LinkModel? {
        guard let fields = Fields(item, of: "a link", known: LinkWords.keys, sheet) else { return nil }
        let mistakes = sheet.count
        let words = LinkWords(fields)
        let model = words.changed(standard).settled
        // What is wrong may be what was to be lost.
        if sheet.count == mistakes { words.noteIdle(in: [model], sheet) }
        return model
    }

    /// Without a loss that never loses anything.
    var settled: LinkModel {
        var model = self
        for way in Way.allCases {
            if let loss = self[way].loss, loss.chance.numerator == 0, loss.burst == nil { model[way].loss = nil }
        }
        return model
    }
}

/// What is said of a link, whichever it is said of.
struct LinkWords: Sendable {
    private let both: OneWay
    private let single: [Way: OneWay]

    static let keys =
        OneWay.keys
        + Way.allCases.map { way in
            Key(way.rawValue, .object(OneWay.keys, example: "{ delay: 40ms }"), "The same for one direction alone.")
        }

    init(_ fields: Fields) {
        both = OneWay(fields)
        var single: [Way: OneWay] = [:]
        for way in Way.allCases {
            guard let item = fields[way.rawValue] else { continue }
            single[way] = Fields(item, of: "one direction of a link", known: OneWay.keys, fields.sheet).map(OneWay.init)
        }
        self.single = single
    }

    /// What they make of a link. It is not settled: what is said next may lose what now is only sent again.
    func changed(_ model: LinkModel) -> LinkModel {
        var model = model
        for way in Way.allCases {
            both.change(&model[way])
            single[way]?.change(&model[way])
        }
        return model
    }

    /// Notes each `retransmit` that means nothing because none of these links loses anything.
    func noteIdle(in models: [LinkModel], _ sheet: ErrorSheet) {
        let said = [(both, Way.allCases)] + Way.allCases.compactMap { way in single[way].map { ($0, [way]) } }
        for (words, ways) in said {
            guard let position = words.retransmitPosition,
                !models.contains(where: { model in ways.contains { model[$0].loss != nil } })
            else { continue }
            sheet.note(
                position, "nothing is lost, so nothing is sent again", hint: "`loss` or `burst` says what is")
        }
    }

    /// What is said of one direction, or of both.
    private struct OneWay {
        private let delay: Delay?
        private let bandwidth: UInt64?
        private let queue: Int?
        private let chance: Ratio?
        private let burst: Loss.Burst?
        private let retransmit: Duration?
        let retransmitPosition: SourcePosition?

        static let keys = [
            Key("delay", Delay.shape, "How long a frame travels."),
            Key("bandwidth", .rate, "What can be sent in a second."),
            Key("loss", .ratio, "How often a frame is lost, and sent again."),
            Key("retransmit", .duration, "How long after a loss it is sent again.", example: "200ms"),
            Key("burst", .object(Loss.Burst.keys, example: "{ enter: 1/500, leave: 1/4 }"), "Times when all is lost."),
            Key("queue", .bytes, "How many bytes fit into the link."),
        ]

        init(_ fields: Fields) {
            let sheet = fields.sheet
            delay = fields["delay"].flatMap { sheet.delay($0) }
            bandwidth = fields["bandwidth"].flatMap { sheet.rate($0, "bandwidth") }
            queue = fields["queue"].flatMap { sheet.bytes($0, "queue") }.map { Int($0) }
            chance = fields["loss"].flatMap { sheet.ratio($0, "loss") }
            burst = fields["burst"].flatMap { Loss.Burst.read($0, sheet) }
            retransmit = fields["retransmit"].flatMap { sheet.duration($0, "retransmit") }
            retransmitPosition = fields.has("retransmit") ? fields.position(of: "retransmit") : nil
        }

        func change(_ way: inout LinkModel.OneWay) {
            way.delay = delay ?? way.delay
            way.bandwidth = bandwidth ?? way.bandwidth
            way.queue = queue ?? way.queue
            guard chance != nil || burst != nil || retransmit != nil else { return }
            var loss = way.loss ?? Loss()
            loss.chance = chance ?? loss.chance
            loss.burst = burst ?? loss.burst
            loss.retransmit = retransmit ?? loss.retransmit
            way.loss = loss
        }
    }
}

extension Loss.Burst {
    fileprivate static let keys = [
        Key("enter", .ratio, "How likely one begins before a transmission.", isRequired: true, example: "1/500"),
        Key("leave", .ratio, "How likely it ends.", isRequired: true, example: "1/4"),
    ]

    /// `{ enter: 1/500, leave: 1/4 }`.
    fileprivate static func read(_ item: Item, _ sheet: ErrorSheet) -> Loss.Burst? {
        guard let fields = Fields(item, of: "a burst", known: keys, sheet),
            let enterItem = fields.require("enter"),
            let leaveItem = fields.require("leave"),
            let enter = sheet.ratio(enterItem, "enter"), let leave = sheet.ratio(leaveItem, "leave")
        else { return nil }
        if leave.numerator == 0 {
            sheet.note(leaveItem.position, "a burst that never ends is a cut", hint: "`cut` cuts a link")
            return nil
        }
        return Loss.Burst(enter: enter, leave: leave)
    }
}

extension Delay {
    fileprivate static let shape = Shape.any([
        .durations, .object(exponential), .object(normal),
    ])
    fileprivate static let exponential = [
        Key("exponential", .duration, "The mean of an exponential distribution.", isRequired: true, example: "20ms"),
        floor,
    ]
    fileprivate static let normal = [
        Key("normal", .duration, "The mean of a normal distribution.", isRequired: true, example: "20ms"),
        Key("deviation", .duration, "Its standard deviation.", isRequired: true, example: "5ms"), floor,
    ]
    private static let floor = Key("floor", .duration, "No frame is faster.", example: "5ms")
}

extension ErrorSheet {
    /// `5ms`, `a..b`, `{ exponential: mean, floor: d }` or `{ normal: mean, deviation: d, floor: d }`.
    func delay(_ item: Item) -> Delay? {
        guard case .map(let entries) = item.content else {
            return durations(item, "delay").map { range in
                range.lowerBound == range.upperBound
                    ? .constant(range.lowerBound) : .uniform(range.lowerBound, range.upperBound)
            }
        }
        let isNormal = entries.contains { $0.key == "normal" }
        let known = isNormal ? Delay.normal : Delay.exponential + Delay.normal.prefix(1)
        guard let fields = Fields(item, of: "a delay", known: known, self) else { return nil }
        let floor = fields["floor"].flatMap { duration($0, "floor") } ?? .zero
        if isNormal {
            guard let mean = fields["normal"].flatMap({ duration($0, "normal") }),
                let deviation = fields.require("deviation").flatMap({ duration($0, "deviation") })
            else { return nil }
            return .normal(mean: mean, deviation: deviation, floor: floor)
        }
        guard let item = fields.require("exponential"), let mean = duration(item, "exponential")
        else { return nil }
        if mean < floor {
            note(item.position, "the mean \(mean) is less than the floor \(floor)")
            return nil
        }
        return .exponential(mean: mean, floor: floor)
    }
}
