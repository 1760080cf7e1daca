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
        for way in Way.allCases {
            model[way].read(fields)
            guard let item = fields[way.rawValue] else { continue }
            Fields(item, of: "one direction of a link", known: OneWay.keys, sheet).map { model[way].read($0) }
        }
        return model
    }
}

extension LinkModel.OneWay {
    fileprivate static let keys = ["delay", "bandwidth", "loss", "retransmit", "burst", "queue"]

    /// Takes over what is said.
    fileprivate mutating func read(_ fields: Fields) {
        let sheet = fields.sheet
        if let delay = fields["delay"].flatMap({ sheet.delay($0) }) { self.delay = delay }
        if let rate = fields["bandwidth"].flatMap({ sheet.rate($0, "bandwidth") }) { bandwidth = rate }
        if let bytes = fields["queue"].flatMap({ sheet.bytes($0, "queue") }) { queue = Int(bytes) }
        readLoss(fields)
    }

    private mutating func readLoss(_ fields: Fields) {
        let sheet = fields.sheet
        var loss = self.loss ?? Loss()
        if let chance = fields["loss"].flatMap({ sheet.ratio($0, "loss") }) { loss.chance = chance }
        if let burst = fields["burst"].flatMap({ Loss.Burst.read($0, sheet) }) { loss.burst = burst }
        if let time = fields["retransmit"].flatMap({ sheet.duration($0, "retransmit") }) {
            loss.retransmit = time
            if self.loss == nil, !fields.has("loss"), !fields.has("burst") {
                sheet.note(
                    fields.position(of: "retransmit"), "nothing is lost, so nothing is sent again",
                    hint: "`loss` or `burst` says what is")
            }
        }
        guard ["loss", "burst", "retransmit"].contains(where: fields.has) else { return }
        let isNever = loss.chance.numerator == 0 && loss.burst == nil
        self.loss = isNever ? nil : loss
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
