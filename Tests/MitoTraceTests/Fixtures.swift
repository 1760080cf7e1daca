import MitoCore
import MitoLinks
import MitoTrace

/// A record in which no field has its default and no two fields are alike.
let fullRecord: TraceRecord = {
    var event = Event(.dropped)
    event.at = Instant(nanoseconds: 2)
    event.step = 4
    event.cause = 5
    event.link = ContextID(6)
    event.upward = true
    event.ordinal = 7
    event.destination = ContextID(8)
    event.source = ContextID(9)
    event.authority = ContextID(10)
    event.handle = Handle(11)
    event.replyTo = Handle(12)
    event.length = 13
    event.digest = 14
    event.subject = ContextID(15)
    event.reason = .noRoute
    event.text = "a\nb"
    event.tag = "c"
    return TraceRecord(index: 1, context: ContextID(3), event: event, hash: .max)
}()

/// Records drawn from a seed: every field anything, texts full of what JSON dislikes.
struct RecordSource {
    private var random: Random

    init(seed: UInt64) { random = Random(seed: seed, stream: "records") }

    mutating func next() -> TraceRecord {
        var event = Event(Event.Kind.allCases[below(Event.Kind.allCases.count)])
        event.reason = Event.Reason.allCases[below(Event.Reason.allCases.count)]
        event.at = Instant(nanoseconds: Int64(bitPattern: number()))
        event.step = number()
        event.cause = number()
        event.link = ContextID(small())
        event.upward = event.link != .master && below(2) == 0
        event.ordinal = number()
        event.destination = ContextID(small())
        event.source = ContextID(small())
        event.authority = ContextID(small())
        event.subject = ContextID(small())
        event.handle = Handle(small())
        event.replyTo = Handle(small())
        event.length = small()
        event.digest = number()
        event.text = text()
        event.tag = text()
        return TraceRecord(index: number() | 1, context: ContextID(small()), event: event, hash: number())
    }

    private mutating func text() -> String {
        let pieces = ["", "\"", "\\", "\n", "\u{0}", "\u{7F}", "é", "\u{2028}", "😀", "plain", "\u{FFFD}", "\\u0041"]
        return (0..<below(6)).reduce(into: "") { (text, _) in text += pieces[below(pieces.count)] }
    }

    private mutating func number() -> UInt64 { below(4) == 0 ? 0 : random.next() >> UInt64(below(64)) }
    private mutating func small() -> UInt32 { UInt32(truncatingIfNeeded: number()) }
    private mutating func below(_ bound: Int) -> Int { Int(random.below(UInt64(bound))) }
}
