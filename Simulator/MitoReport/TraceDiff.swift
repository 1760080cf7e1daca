import MitoCore
public import MitoTrace

/// Where two runs part: first in what happens, context by context, then in the first record that differs at all; in
/// what, and what led to it.
///
/// Two runs of one build, scenario and seed must not differ at all; this names the place where they do. Two seeds
/// differ in every time, and this names what chance decided.
///
///     let diff = TraceDiff(first, second)
///     if !diff.isEqual { print(diff.text) }
public struct TraceDiff: Sendable {
    /// A field that differs, as both traces have it.
    public struct Difference: Hashable, Sendable {
        public var field: String
        public var left: String
        public var right: String

        public init(field: String, left: String, right: String) {
            self.field = field
            self.left = left
            self.right = right
        }
    }

    /// How many records the traces share from the beginning on.
    public let common: Int
    /// The record after those, on each side; nil where a trace has ended.
    public let left: TraceRecord?
    public let right: TraceRecord?

    public init(_ left: Trace, _ right: Trace) {
        let pairs = zip(left.records[..<left.end], right.records[..<right.end])
        common =
            pairs.enumerated().first { $1.0.context != $1.1.context || $1.0.event != $1.1.event }?.offset
            ?? min(left.end, right.end)
        self.left = left.seen(common).map { left.records[$0] }
        self.right = right.seen(common).map { right.records[$0] }
        traces = (left, right)
        story = left.seen(common) == nil && right.seen(common) == nil ? nil : StoryDiff(left, right)
    }

    /// Does the same happen in each context, in the same order, whatever the times and the order between contexts?
    public var isSameStory: Bool { story == nil }

    public var isEqual: Bool { left == nil && right == nil }

    /// The fields in which the two records differ; empty when one trace merely goes on.
    public var differences: [Difference] { Self.differences(left, right) }

    /// The finding for people.
    public var text: String {
        if isEqual { return "The traces are the same: \(common) records." }
        guard let story else {
            let finding = "The same happens in every context; only times, or the order between contexts, differ."
            return ([finding] + recordLines).joined(separator: "\n")
        }
        if isOfOneRecord { return recordLines.joined(separator: "\n") }
        return (lines(story) + ["", "In time they part before:"] + recordLines).joined(separator: "\n")
    }

    /// The same as one JSON object; a trace that has ended has no line in it.
    public var json: String {
        var json = JSONText()
        json.beginObject()
        json.key("same")
        json.value(isEqual)
        json.key("common")
        json.value(UInt64(common))
        json.key("same-story")
        json.value(isSameStory)
        if let line = story?.left.map(traces.left.line) { json.field("story-left", line) }
        if let line = story?.right.map(traces.right.line) { json.field("story-right", line) }
        if let leftLine { json.field("left", leftLine) }
        if let rightLine { json.field("right", rightLine) }
        json.key("fields")
        json.beginArray()
        for difference in differences {
            json.beginObject()
            json.field("field", difference.field)
            json.field("left", difference.left)
            json.field("right", difference.right)
            json.endObject()
        }
        json.endArray()
        json.field("causes", causes)
        json.endObject()
        return String(decoding: json.bytes, as: UTF8.self)
    }

    /// Where the records part, whatever in.
    private var recordLines: [String] {
        ["The traces are the same for \(common) records; then they part."]
            + sides(leftLine, rightLine, "ends here") + fieldLines(differences)
            + Self.titled(causes)
    }

    /// Where what happens parts.
    private func lines(_ story: StoryDiff) -> [String] {
        let name = (story.left == nil ? traces.right : traces.left).name(story.context)
        let aside = ["t", "step", "cause", "n"]
        let fields = Self.differences(
            story.left.map { traces.left.records[$0] }, story.right.map { traces.right.records[$0] })
        let isOneKind = !fields.contains { $0.field == "k" }
        let causes = (story.left.map { ($0, traces.left) } ?? story.right.map { ($0, traces.right) })
            .map { place, trace in trace.causes(of: place).map(trace.line) }
        return ["Times aside, what happens in \(name) is the same for \(story.common) records; then it parts."]
            + sides(story.left.map(traces.left.line), story.right.map(traces.right.line), "nothing more of \(name)")
            + fieldLines(isOneKind ? fields.filter { !aside.contains($0.field) } : []) + Self.titled(causes ?? [])
    }

    /// Is the first record that differs also the first that tells something else?
    private var isOfOneRecord: Bool {
        guard let story else { return false }
        return (left == nil || story.left == common) && (right == nil || story.right == common)
    }

    private func sides(_ left: String?, _ right: String?, _ nothing: String) -> [String] {
        ["left:  " + (left ?? nothing), "right: " + (right ?? nothing)]
    }

    private func fieldLines(_ differences: [Difference]) -> [String] {
        differences.map { difference in
            // The time of a record is told as in its line, unless it differs by less.
            let (one, other) = (left?.event.at.rounded, right?.event.at.rounded)
            if difference.field == "t", let one, let other, one != other { return "  t: \(one) | \(other)" }
            return "  \(difference.field): \(difference.left) | \(difference.right)"
        }
    }

    private static func titled(_ causes: [String]) -> [String] {
        causes.isEmpty ? [] : ["What led to it:"] + causes.map { "  " + $0 }
    }

    private static func differences(_ left: TraceRecord?, _ right: TraceRecord?) -> [Difference] {
        guard let left, let right else { return [] }
        return zip(left.fields, right.fields).compactMap { one, other in
            one.value == other.value ? nil : Difference(field: one.name, left: one.value, right: other.value)
        }
    }

    private var leftLine: String? { left.map { _ in traces.left.line(at: common) } }
    private var rightLine: String? { right.map { _ in traces.right.line(at: common) } }

    /// What led to the record in which they part, the nearest first.
    private var causes: [String] {
        guard !isEqual else { return [] }
        let side = left == nil ? traces.right : traces.left
        return side.causes(of: common).map(side.line)
    }

    private let traces: (left: Trace, right: Trace)
    private let story: StoryDiff?
}

extension Trace {
    /// The chain of causes of a record, the nearest first: through its context by step, across a link by frame.
    public func causes(of position: Int, limit: Int = 8) -> [Int] {
        var chain: [Int] = []
        var place = position
        while chain.count < limit {
            let event = records[place].event
            guard let before = cause(of: place) ?? (event.kind == .frameIn ? departure(of: place) : nil),
                before != place
            else { break }
            chain.append(before)
            place = before
        }
        return chain
    }
}

extension TraceRecord {
    /// Every field of the event with the key that it has in a trace file.
    fileprivate var fields: [(name: String, value: String)] {
        [
            ("ctx", "\(context)"), ("t", "\(event.at.nanoseconds)"), ("k", event.kind.word), ("step", "\(event.step)"),
            ("cause", "\(event.cause)"), ("link", "\(event.link)"), ("dir", event.upward ? "up" : "down"),
            ("n", "\(event.ordinal)"), ("dst", "\(event.destination)"), ("src", "\(event.source)"),
            ("auth", "\(event.authority)"), ("handle", "\(event.handle)"), ("reply", "\(event.replyTo)"),
            ("len", "\(event.length)"), ("digest", String(event.digest, radix: 16)), ("subject", "\(event.subject)"),
            ("reason", event.reason.word), ("text", event.text), ("tag", event.tag),
        ]
    }
}
