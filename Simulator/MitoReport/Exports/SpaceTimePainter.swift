import MitoCore
import MitoTrace

/// Draws a space-time diagram from its layout.
struct SpaceTimePainter {
    let layout: SpaceTimeLayout
    let title: String
    private var page = SVGPage()
    private var places = LabelPlaces()
    private var told: Set<PictureMark.MessageName> = []

    init(layout: SpaceTimeLayout, title: String) {
        self.layout = layout
        self.title = SVGPage.fitting(title, Self.titleLettersMax * SVGPage.letterWidth)
    }

    private var trace: Trace { layout.trace }

    mutating func paint() -> String {
        let footer = footerLines
        let legend = SpaceTimeLegend(of: layout.marks, width: width - 2 * Self.edge)
        let end = layout.bottom + 24 + legend.height
        let height = end + footer.count * SpaceTimeLayout.lineHeight
        page.box((0, 0), width: width, height: height, "page")
        page.text(title, at: (Self.edge, 34), "title")
        drawTimes()
        for lane in layout.lanes { drawLane(lane) }
        drawRuns()
        drawWaits()
        for mark in layout.marks { draw(mark) }
        // No line goes through a word.
        for (label, x, y) in places.placed() { page.text(label.text, at: (x, y), label.style, label.anchor) }
        for entry in legend.entries { draw(entry, at: (Self.edge + entry.x, layout.bottom + 22 + entry.y)) }
        for (index, line) in footer.enumerated() {
            page.text(line, at: (Self.edge, end + index * SpaceTimeLayout.lineHeight), "time")
        }
        return page.file(width: width, height: height, title: title, style: SpaceTimeStyle.sheet)
    }

    /// Room for the lanes, and for a title that is longer than they are wide.
    private var width: Int { max(layout.width, title.count * Self.titleLetterWidth + 2 * Self.edge) }

    private static let titleLetterWidth = 10
    private static let titleLettersMax = 120

    // MARK: Lanes

    private mutating func drawLane(_ context: ContextID) {
        guard let x = layout.x(of: context) else { return }
        let ids = layout.restarts.line(from: context)
        let note = ids.count > 1 ? " (ids \(ids.map { "\($0)" }.joined(separator: ", ")))" : ""
        let name = trace.name(context) + note
        let width = layout.laneWidth - 16
        page.box((x - width / 2, 60), width: width, height: 44, radius: 8, "head", title: name)
        page.text(SVGPage.fitting(name, width - 8), at: (x, 79), "name", .middle)
        let parent = trace.tree.parent(of: context).map { "below \(trace.name($0))" } ?? "root"
        page.text(SVGPage.fitting(parent, width - 8), at: (x, 95), "time", .middle)
        for id in ids { drawLife(of: id, at: x) }
    }

    /// The line from a context's beginning to its end.
    private mutating func drawLife(of context: ContextID, at x: Int) {
        guard let span = layout.span else { return }
        let member = trace.tree.member(context)
        let end = [member?.killed, member?.down].compactMap { $0 }.compactMap(trace.seen).min()
        guard end.map({ $0 >= span.lowerBound }) ?? true else { return }
        let ends = end.flatMap { $0 <= span.upperBound ? layout.y(of: $0) : nil }
        let begin = comingUp(context)
        if layout.restarts.isSuccessor(context), begin.map({ $0 > span.upperBound }) ?? true { return }
        let up = begin.flatMap { $0 > span.lowerBound ? layout.y(of: $0) : nil }
        page.line((x, up ?? 104), (x, ends ?? layout.bottom), "lane")
        if let ends { page.line((x - 7, ends), (x + 7, ends), "end") }
    }

    private func comingUp(_ context: ContextID) -> Int? {
        trace.positions(of: .contextUp).first { trace.records[$0].context == context }
    }

    // MARK: What lasts

    /// A bar while a function runs.
    private mutating func drawRuns() {
        guard layout.scope.kinds.contains(.calls), let span = layout.span else { return }
        for run in trace.invocations {
            guard let x = layout.x(of: run.context), let started = trace.seen(run.started), started <= span.upperBound
            else { continue }
            let gone = trace.tree.member(run.context).flatMap { [$0.killed, $0.down].compactMap(\.self).min() }
            let ended = [trace.seen(run.ended), trace.seen(gone)].compactMap(\.self).min()
            guard (ended ?? span.upperBound) >= span.lowerBound else { continue }
            let top = layout.y(of: started)
            let bottom = max(
                top + 6,
                ended.map { $0 > span.upperBound ? layout.bottom : layout.y(of: $0, byNext: true) } ?? layout.bottom)
            page.box((x - 4, top), width: 8, height: bottom - top, radius: 3, "run", title: "runs \(run.function)")
        }
    }

    /// A thin bar beside the caller's lane while it waits for an answer, and how that ended.
    private mutating func drawWaits() {
        guard let span = layout.span else { return }
        var free: [ContextID: [Int]] = [:]
        for call in trace.calls where layout.scope.holds(call) && call.started <= span.upperBound {
            let ended = trace.seen(call.ended)
            guard let x = layout.x(of: call.caller), (ended ?? span.upperBound) >= span.lowerBound else { continue }
            let top = layout.y(of: call.started, byNext: true)
            let bottom = ended.map { $0 > span.upperBound ? layout.bottom : layout.y(of: $0) } ?? layout.bottom
            // Beside those that began before it and last still.
            var slots = free[call.caller] ?? []
            let slot = slots.firstIndex { $0 <= top } ?? slots.count
            if slot == slots.count { slots.append(bottom) } else { slots[slot] = bottom }
            free[call.caller] = slots
            let place = x - 10 - 5 * min(slot, Self.waitsMax)
            let what = trace.wait(call)
            page.box((place, top), width: 3, height: max(3, bottom - top), radius: 1, "wait", title: what)
            if ended.map({ $0 <= span.upperBound }) ?? false {
                page.circle((place + 1, bottom), radius: 3, call.reason == .none ? "good" : "bad")
            }
        }
    }

    // MARK: Marks

    private mutating func draw(_ mark: PictureMark) {
        switch mark.shape {
        case .note(let context, let text): drawNote(text, mark, at: context)
        case .hop(let hop): draw(hop, mark)
        }
    }

    private mutating func drawNote(_ text: String, _ mark: PictureMark, at context: ContextID) {
        guard let x = layout.x(of: context) else { return }
        let y = layout.y(of: mark.position)
        // A function that runs is a bar, which says it already.
        if mark.kind == .calls { return }
        let isEnd = text == "is killed"
        if isEnd { page.path("M\(x - 6) \(y - 6)L\(x + 6) \(y + 6)M\(x + 6) \(y - 6)L\(x - 6) \(y + 6)", "killed") }
        if mark.kind == .faults, !isEnd { page.circle((x, y), radius: 4, "bad") }
        let style = mark.kind == .faults ? "fault" : "note"
        // No other words stand at this height, so there is room as far as the edge.
        let isLeft = x > layout.width / 2
        let room = isLeft ? x - SpaceTimeLayout.left : layout.width - x - Self.edge
        let words = SVGPage.fitting(text, room - Self.besideHeads)
        let begin = isLeft ? x - Self.besideWaits : x + 11
        let shifts = [0, Self.besideHeads / 2, Self.besideHeads]
        places.add(
            LabelPlaces.Label(
                text: words, style: style, anchor: isLeft ? .end : .start,
                places: shifts.map { (isLeft ? begin - $0 : begin + $0, y + 4) }))
    }

    private mutating func draw(_ hop: PictureMark.Hop, _ mark: PictureMark) {
        guard let from = layout.x(of: hop.sender), let to = layout.x(of: hop.receiver) else { return }
        let top = layout.y(of: mark.position)
        let title = trace.line(at: mark.position)
        let sense = to > from ? 1 : -1
        let seen = hop.arrival.flatMap { $0 <= layout.span?.upperBound ?? 0 ? $0 : nil }
        var end = (x: (from + to) / 2, y: top + 14)
        if let seen {
            let tip = (x: to - 5 * sense, y: layout.y(of: seen))
            page.line((from, top), tip, "hop \(hop.sort.rawValue)", title: title)
            drawHead(at: tip, from: (from, top), hop.sort)
            if let last = hop.last { drawBand(hop, to: last, from: (from, top), to: tip) }
            end = tip
        } else {
            // It is not known to have come in: half a line, and a cross where nobody saw it again.
            page.line((from, top), end, "hop lost \(hop.sort.rawValue)", title: title)
            if hop.arrival == nil {
                let (x, y) = end
                page.path("M\(x - 4) \(y - 4)L\(x + 4) \(y + 4)M\(x + 4) \(y - 4)L\(x - 4) \(y + 4)", "killed")
            }
        }
        // The first hop says what it is; the others go on with it.
        guard told.insert(hop.message).inserted || hop.sort == .news || hop.sort == .order else { return }
        addWords(hop, along: (from, top), end)
    }

    /// What a hop carries stands above its line: at its beginning, or where there is more room.
    private mutating func addWords(_ hop: PictureMark.Hop, along start: (x: Int, y: Int), _ end: (x: Int, y: Int)) {
        guard let from = layout.x(of: hop.sender), let to = layout.x(of: hop.receiver) else { return }
        let sense = to > from ? 1 : -1
        let words = SVGPage.fitting(hop.result.isEmpty ? hop.label : hop.result, abs(to - from) - 22)
        let room = abs(to - from) - 22 - SVGPage.width(of: words)
        let steps = Array(stride(from: 0, through: max(0, room), by: 6))
        let along = steps.map { step in
            let fall = (end.y - start.y) * step / max(1, abs(end.x - start.x))
            return (x: from + (11 + step) * sense, y: start.y - 3 + fall)
        }
        let above = steps.map { (x: from + (11 + $0) * sense, y: start.y - 3 - SpaceTimeLayout.lineHeight) }
        places.add(
            LabelPlaces.Label(
                text: words, style: "label \(hop.sort.rawValue)-text", anchor: sense > 0 ? .start : .end,
                places: along + above))
    }

    /// Those that came after the first of many, up to the last.
    private mutating func drawBand(
        _ hop: PictureMark.Hop, to last: (departure: Int, arrival: Int), from start: (x: Int, y: Int),
        to tip: (x: Int, y: Int)
    ) {
        let (from, to) = ((x: start.x, y: layout.y(of: last.departure)), (x: tip.x, y: layout.y(of: last.arrival)))
        page.area([start, tip, to, from], "band \(hop.sort.rawValue)-head")
        page.line(from, to, "hop \(hop.sort.rawValue)", title: trace.line(at: last.departure))
        drawHead(at: to, from: from, hop.sort)
    }

    private mutating func drawHead(at tip: (x: Int, y: Int), from start: (x: Int, y: Int), _ sort: PictureMark.Sort) {
        guard let head = ArrowHead(at: tip, from: start) else { return }
        places.addHead(head.corners)
        page.area(head.corners, "\(sort.rawValue)-head")
    }

    // MARK: Around it

    /// Each moment at which something is drawn, once.
    private mutating func drawTimes() {
        page.text("not to scale", at: (SpaceTimeLayout.left - 12, SpaceTimeLayout.top - 16), "time", .end)
        var last = ""
        var lastY = 0
        for (position, y) in layout.rows {
            let text = Self.milliseconds(trace.records[position].event.at.nanoseconds)
            guard text != last, y - lastY >= SpaceTimeLayout.lineHeight - 3 else { continue }
            (last, lastY) = (text, y)
            page.text(text, at: (SpaceTimeLayout.left - 12, y + 4), "time", .end)
            page.line((SpaceTimeLayout.left - 6, y), (layout.width - SpaceTimeLayout.right, y), "grid")
        }
    }

    /// `12 ms`, `0.25 ms`.
    private static func milliseconds(_ nanoseconds: Int64) -> String {
        let microseconds = nanoseconds / 1_000
        let digits = String(1_000 + abs(microseconds % 1_000)).dropFirst()
        let fraction = digits.reversed().drop { $0 == "0" }.reversed()
        return "\(microseconds / 1_000)" + (fraction.isEmpty ? "" : "." + String(fraction)) + " ms"
    }

    private mutating func draw(_ entry: SpaceTimeLegend.Entry, at place: (x: Int, y: Int)) {
        let (x, y) = place
        switch entry.sign {
        case .hop(let sort):
            page.line((x, y), (x + 26, y), "hop \(sort.rawValue)")
            drawHead(at: (x + 30, y), from: (x, y), sort)
        case .run: page.box((x, y - 7), width: 8, height: 14, radius: 3, "run")
        case .wait: page.box((x, y - 7), width: 3, height: 14, radius: 1, "wait")
        }
        page.text(entry.words, at: (x + entry.sign.width, y + 4), "time")
    }

    private var footerLines: [String] {
        var lines: [String] = []
        if layout.marksLeftOut > 0 { lines.append("\(layout.marksLeftOut) more are left out") }
        if layout.lanesLeftOut > 0 { lines.append("\(layout.lanesLeftOut) contexts more are left out") }
        return lines
    }

    private static let edge = 24
    /// From a lane to what is written left of it.
    private static let besideWaits = 18
    /// From words to where they begin when the head of an arrow is before them.
    private static let besideHeads = 16
    /// More calls at once than these share a place.
    private static let waitsMax = 5
}
