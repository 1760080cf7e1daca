import MitoCore
import MitoTrace

/// A run as a space-time diagram: a lane for each context, time going down, and every message a line from where it was
/// sent to where it came in. What slants far was long on its way. The items of a stream, and the lines of a log, are
/// one band from the first to the last.
///
/// ```swift
/// let picture = SpaceTime(trace, title: "A call comes back").svg
/// ```
/// Time is not to scale: a gap grows with its length, but no faster than the number of its digits, so that a run of
/// seconds with hops of milliseconds can be read. The picture is bounded; what it leaves out is said at its end.
public struct SpaceTime: Sendable {
    /// The picture, as an SVG file that stands alone.
    public let svg: String

    /// The most lanes, and the most messages and words, that a picture shows unless told otherwise.
    public static let lanesMax = 40
    public static let marksMax = 300

    /// - Parameters:
    ///   - trace: the run.
    ///   - scope: what of it is wanted.
    ///   - title: what stands above it.
    ///   - lanesMax: how many contexts it shows at most.
    ///   - marksMax: how many messages and words it shows at most.
    public init(
        _ trace: Trace, scope: PictureScope = PictureScope(), title: String = "", lanesMax: Int = Self.lanesMax,
        marksMax: Int = Self.marksMax
    ) {
        let layout = SpaceTimeLayout(trace, scope, lanesMax: lanesMax, marksMax: marksMax)
        var painter = SpaceTimePainter(layout: layout, title: title)
        svg = painter.paint()
    }
}

/// Where things are in a space-time diagram: the lanes from left to right, the moments from top to bottom.
struct SpaceTimeLayout {
    let trace: Trace
    let scope: PictureScope
    let restarts: Restarts
    /// From left to right, each context next to those that are below it.
    let lanes: [ContextID]
    let marks: [PictureMark]
    let lanesLeftOut: Int
    let marksLeftOut: Int
    /// The records that have a place of their own, and their heights.
    let rows: [(position: Int, y: Int)]
    let laneWidth: Int
    private let columns: [ContextID: Int]

    init(_ trace: Trace, _ scope: PictureScope, lanesMax: Int, marksMax: Int) {
        self.trace = trace
        self.scope = scope
        restarts = Restarts(trace)
        let all = trace.marks(in: scope)
        let wanted = Set(trace.lanes(of: all, in: scope))
        let ordered = Self.depthFirst(trace.tree).filter(wanted.contains)
        lanes = Array(ordered.prefix(lanesMax))
        lanesLeftOut = ordered.count - lanes.count
        let known = Set(lanes.flatMap(restarts.line))
        columns = Dictionary(uniqueKeysWithValues: zip(lanes, 0...))
        let drawable = all.filter { mark in
            switch mark.shape {
            case .note(let context, _): known.contains(context)
            case .hop(let hop): known.contains(hop.sender) && known.contains(hop.receiver)
            }
        }
        marks = Array(drawable.prefix(marksMax))
        marksLeftOut = all.reduce(0) { $0 + $1.count } - marks.reduce(0) { $0 + $1.count }
        laneWidth = max(Self.laneWidthMin, min(Self.laneWidthMax, Self.widthWanted / max(1, lanes.count)))
        // Where the marks were cut off, the rest is too.
        let last = marksLeftOut > 0 ? marks.last?.position ?? 0 : trace.end
        let ends = trace.calls.filter(scope.holds).compactMap { trace.seen($0.ended) }
        rows = Self.rows(
            of: marks, ends.filter { $0 <= last && scope.holds(momentOf: trace.records[$0]) }, in: trace)
    }

    /// The column of a context; nil for one without a lane.
    func x(of context: ContextID) -> Int? {
        columns[restarts.first(of: context)].map { Self.left + $0 * laneWidth + laneWidth / 2 }
    }

    var width: Int { Self.left + max(lanes.count, 2) * laneWidth + Self.right }
    var bottom: Int { (rows.last?.y ?? Self.top) + Self.margin }

    /// How far down the record at `position` is. What has no place of its own is with one of the same moment, by
    /// preference with the next or else the last one; failing that, where the last one is.
    func y(of position: Int, byNext: Bool = false) -> Int {
        let next = row(after: position)
        if next > 0, rows[next - 1].position == position { return rows[next - 1].y }
        let neighbours = byNext ? [next, next - 1] : [next - 1, next]
        let moment = trace.records[position].event.at
        let same = neighbours.filter(rows.indices.contains).first {
            trace.records[rows[$0].position].event.at == moment
        }
        return (same ?? (next > 0 ? next - 1 : nil)).map { rows[$0].y } ?? Self.top
    }

    /// The place in `rows` of the first record after `position`.
    private func row(after position: Int) -> Int {
        var low = 0
        var high = rows.count
        while low < high {
            let middle = (low + high) / 2
            if rows[middle].position <= position { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// The first and the last record that the picture shows.
    var span: ClosedRange<Int>? {
        guard let first = rows.first?.position, let last = rows.last?.position else { return nil }
        return first...last
    }

    /// Each context, and after it what is below it. A trace that lies may show rings, or lose sight of the root.
    private static func depthFirst(_ tree: Tree) -> [ContextID] {
        var order: [ContextID] = []
        var seen: Set<ContextID> = []
        for root in [.master] + tree.contexts {
            var rest = [root]
            while let context = rest.popLast() {
                guard seen.insert(context).inserted else { continue }
                order.append(context)
                rest += tree.children(of: context).reversed()
            }
        }
        return order
    }

    private static func rows(of marks: [PictureMark], _ ends: [Int], in trace: Trace) -> [(position: Int, y: Int)] {
        let shapes = Dictionary(marks.map { ($0.position, $0.shape) }) { first, _ in first }
        let others = marks.flatMap { mark -> [Int] in
            guard case .hop(let hop) = mark.shape else { return [] }
            return [hop.arrival, hop.last?.departure, hop.last?.arrival].compactMap(\.self)
        }
        var rows: [(position: Int, y: Int)] = []
        var y = top
        // Down to where words stand, and the point of the last arrow.
        var words = 0
        var tip = 0
        var last: Int64?
        for position in Set(shapes.keys).union(others).union(ends).sorted() {
            let now = trace.records[position].event.at.nanoseconds
            y += last.map { height(ofGap: now - $0) } ?? 0
            last = now
            switch shapes[position] {
            case .hop:
                // Its words stand above it.
                y = max(y, words + lineHeight, tip + 14)
                words = y
            case .note:
                y = max(y, words + 12)
                words = y + 8
            case nil: tip = y
            }
            rows.append((position, y))
        }
        return rows
    }

    /// Pixels for so many nanoseconds: a few for each time that they double.
    private static func height(ofGap nanoseconds: Int64) -> Int {
        guard nanoseconds > 0 else { return 2 }
        let microseconds = UInt64(nanoseconds / 1_000)
        return 4 + 2 * (UInt64.bitWidth - microseconds.leadingZeroBitCount)
    }

    static let left = 96
    static let right = 24
    static let top = 132
    static let margin = 28
    static let lineHeight = 17
    private static let laneWidthMin = 104
    private static let laneWidthMax = 168
    private static let widthWanted = 960
}
