import MitoCore
import MitoLinks

extension LinkModel {
    /// `{ delay: 1ms }`, `{ delay: 20ms..30ms, loss: 1/100, up: { delay: 40ms } }`; what is not said is as in
    /// `standard`.
    static func read(_ item: Item, standard: LinkModel, _ sheet: ErrorSheet) -> LinkModel? {
        guard let fields = Fields(item, of: "a link", known: OneWay.keys + Way.allCases.map(\.rawValue), sheet) else {
            return nil
        }
        var model = standard
        let both = OneWay.changes(fields)
        for way in Way.allCases {
            for change in both { change(&model[way]) }
            guard let item = fields[way.rawValue],
                let fields = Fields(item, of: "one direction of a link", known: OneWay.keys, sheet)
            else { continue }
            for change in OneWay.changes(fields) { change(&model[way]) }
        }
        return model
    }
}

extension LinkModel.OneWay {
    fileprivate static let keys = ["delay", "bandwidth", "loss", "retransmit", "burst", "queue"]

    fileprivate typealias Change = (inout LinkModel.OneWay) -> Void

    /// What is said: it is read once, whatever it is said of.
    fileprivate static func changes(_ fields: Fields) -> [Change] {
        let sheet = fields.sheet
        var changes: [Change] = []
        if let delay = fields["delay"].flatMap({ sheet.delay($0) }) { changes.append { $0.delay = delay } }
        if let rate = fields["bandwidth"].flatMap({ sheet.rate($0, "bandwidth") }) {
            changes.append { $0.bandwidth = rate }
        }
        if let bytes = fields["queue"].flatMap({ sheet.bytes($0, "queue") }) {
            changes.append { $0.queue = Int(bytes) }
        }
        return changes + lossChanges(fields)
    }

    private static func lossChanges(_ fields: Fields) -> [Change] {
        let sheet = fields.sheet
        let chance = fields["loss"].flatMap { sheet.ratio($0, "loss") }
        let burst = fields["burst"].flatMap { Loss.Burst.read($0, sheet) }
        let retransmit = fields["retransmit"].flatMap { sheet.duration($0, "retransmit") }
        guard chance != nil || burst != nil || retransmit != nil else { return [] }
        if chance == nil, burst == nil {
            sheet.note(
                fields.position(of: "retransmit"), "nothing is lost, so nothing is sent again",
                hint: "`loss` or `burst` says what is")
        }
        return [
            { way in
                var loss = way.loss ?? Loss()
                loss.chance = chance ?? loss.chance
                loss.burst = burst ?? loss.burst
                loss.retransmit = retransmit ?? loss.retransmit
                way.loss = loss.chance.numerator == 0 && loss.burst == nil ? nil : loss
            }
        ]
    }
}

extension Loss.Burst {
    /// `{ enter: 1/500, leave: 1/4 }`.
    fileprivate static func read(_ item: Item, _ sheet: ErrorSheet) -> Loss.Burst? {
        guard let fields = Fields(item, of: "a burst", known: ["enter", "leave"], sheet),
            let enterItem = fields.require("enter", example: "1/500"),
            let leaveItem = fields.require("leave", example: "1/4"),
            let enter = sheet.ratio(enterItem, "enter"), let leave = sheet.ratio(leaveItem, "leave")
        else { return nil }
        if leave.numerator == 0 {
            sheet.note(leaveItem.position, "a burst that never ends is a cut", hint: "`cut` cuts a link")
            return nil
        }
        return Loss.Burst(enter: enter, leave: leave)
    }
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
        let known = isNormal ? ["normal", "deviation", "floor"] : ["exponential", "normal", "floor"]
        guard let fields = Fields(item, of: "a delay", known: known, self) else { return nil }
        let floor = fields["floor"].flatMap { duration($0, "floor") } ?? .zero
        if isNormal {
            guard let mean = fields["normal"].flatMap({ duration($0, "normal") }),
                let deviation = fields.require("deviation", example: "5ms").flatMap({ duration($0, "deviation") })
            else { return nil }
            return .normal(mean: mean, deviation: deviation, floor: floor)
        }
        guard let item = fields.require("exponential", example: "20ms"), let mean = duration(item, "exponential")
        else { return nil }
        if mean < floor {
            note(item.position, "the mean \(mean) is less than the floor \(floor)")
            return nil
        }
        return .exponential(mean: mean, floor: floor)
    }
}
