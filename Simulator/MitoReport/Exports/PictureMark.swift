import MitoCore
import MitoTrace

/// One thing that a picture shows: a message's way over one link, or a word at a context.
struct PictureMark {
    /// The record that it stands for.
    var position: Int
    var kind: PictureScope.Kind
    var shape: Shape
    /// For how many it stands.
    var count = 1

    enum Shape {
        case hop(Hop)
        case note(ContextID, String)
    }

    struct Hop {
        var sender: ContextID
        var receiver: ContextID
        /// Where it came out; nil when it did not.
        var arrival: Int?
        /// Where it stands for many: where the last of them went in and came out.
        var last: (departure: Int, arrival: Int)?
        var sort: Sort
        /// What it carries, for people.
        var label: String
        /// What came back by it; empty where nobody knows.
        var result = ""
        /// The same for each hop of one message.
        var message: MessageName
    }

    /// How it is drawn.
    enum Sort: String, CaseIterable {
        case call, answer, failure, item, news, order, log
    }

    /// What tells one message from another as far as a picture goes.
    struct MessageName: Hashable {
        var source: ContextID
        var destination: ContextID
        var handle: Handle
        var replyTo: Handle
    }
}

extension Trace {
    /// All that a picture within this scope shows, in the order of the records; of many that are alike, one.
    func marks(in scope: PictureScope) -> [PictureMark] {
        let begin = records[..<end].firstIndex { $0.event.isOfTheWorld && $0.event.tag == MarkFinder.storyBegin }
        let finder = MarkFinder(self, hasTree: begin != nil)
        return ((begin ?? 0)..<end).compactMap(finder.mark).filter { scope.holds($0, in: self) }.folded
    }
}

/// Finds words for the records that a picture shows.
private struct MarkFinder {
    /// The mark before which a story's tree is only put up.
    static let storyBegin = "story.begin"

    private let trace: Trace
    private let callsByPort: [PortName: Call]
    private let subjects: RouteSubjects
    private let restarts: Restarts

    /// Was the tree up when this began? Then who comes up is news.
    private let hasTree: Bool

    init(_ trace: Trace, hasTree: Bool) {
        self.trace = trace
        self.hasTree = hasTree
        callsByPort = Dictionary(trace.calls.map { (PortName($0.caller, $0.handle), $0) }) { first, _ in first }
        subjects = RouteSubjects(trace.tree)
        restarts = Restarts(trace)
    }

    func mark(at position: Int) -> PictureMark? {
        let record = trace.records[position]
        let event = record.event
        let note = { PictureMark(position: position, kind: $0, shape: .note($1, $2)) }
        switch event.kind {
        case .frameOut: return hop(at: position)
        // A dead message is for somebody who waits. That it comes too late is no news.
        case .dropped where event.replyTo == .dead && event.reason == .invalidHandle: return nil
        case .dropped: return note(.faults, record.context, "drops it: \(trace.why(event))")
        case .invocationStarted where !event.text.hasSuffix("Dispatcher.forget_chain"):
            return note(.calls, record.context, "runs \(event.text)")
        case .contextUp where hasTree:
            let isBack = restarts.isSuccessor(record.context)
            return note(.contexts, record.context, isBack ? "is started again" : "comes up")
        case .contextDown: return note(.contexts, record.context, "ends")
        case .log where !event.text.hasPrefix("mitoscope: "):
            return note(.logs, record.context, "logs \(event.text)")
        case .command where event.isOfTheWorld: return deed(at: position).map { note(.faults, event.subject, $0) }
        default: return nil
        }
    }

    private func deed(at position: Int) -> String? {
        let event = trace.records[position].event
        if ["kill", "restart"].contains(event.deed) {
            // Its start is said where it is up again. The teller of a story and the world may both say it.
            return event.subject != .master && trace.tree.member(event.subject)?.killed == position ? "is killed" : nil
        }
        let name = trace.name(event.subject)
        return WorldWords(trace: trace, position: position).sentence.map { sentence in
            sentence.hasPrefix(name + " ") ? String(sentence.dropFirst(name.count + 1)) : sentence
        }
    }

    private func hop(at position: Int) -> PictureMark? {
        let record = trace.records[position]
        let event = record.event
        guard let (kind, sort, label) = words(for: event) else { return nil }
        let receiver = event.upward ? trace.tree.parent(of: event.link) ?? .master : event.link
        let message = PictureMark.MessageName(
            source: event.source, destination: event.destination, handle: event.handle, replyTo: event.replyTo)
        var hop = PictureMark.Hop(
            sender: record.context, receiver: receiver, arrival: trace.passage(FrameName(event)).in, sort: sort,
            label: label, message: message)
        if event.replyTo != .dead, let call = callsByPort[PortName(event.destination, event.handle)],
            call.reason == .none || call.reason == .callError
        {
            hop.result = call.result
        }
        return PictureMark(position: position, kind: kind, shape: .hop(hop))
    }

    private func words(for event: Event) -> (PictureScope.Kind, PictureMark.Sort, String)? {
        if event.handle >= .firstDynamic { return answer(event) }
        switch event.handle {
        case .callFunction:
            guard let call = callsByPort[PortName(event.source, event.replyTo)] else { return nil }
            return (.calls, .call, "\(trace.name(call.callee)).\(call.function)")
        case .delRoute: return subjects[event].map { (.routes, .news, "\(trace.name($0)) is gone") }
        case .addRoute: return subjects[event].map { (.routes, .news, "\(trace.name($0)) is here") }
        case .shutdown: return (.contexts, .order, "end \(trace.name(event.destination))")
        case .forwardLog: return (.logs, .log, "log of \(trace.name(event.source))")
        default: return nil
        }
    }

    private func answer(_ event: Event) -> (PictureScope.Kind, PictureMark.Sort, String)? {
        guard let call = callsByPort[PortName(event.destination, event.handle)] else {
            // What answers a request that is no call only keeps the tree going.
            guard trace.framesOut(from: event.destination, replyTo: event.handle).isEmpty else { return nil }
            return event.replyTo == .dead ? (.messages, .failure, "dead") : (.messages, .item, "item")
        }
        if event.replyTo == .dead { return (.calls, .failure, "dead") }
        let hasFailed = call.reason == .callError
        return (.calls, hasFailed ? .failure : .answer, "answer to \(call.function)")
    }
}
