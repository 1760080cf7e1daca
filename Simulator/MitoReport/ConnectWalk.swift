import MitoCore
import MitoTrace

/// Follows a connect command that does not end: to the context that was asked to start the new one, to the root for an
/// id, to the process that was ordered, and back.
struct ConnectWalk {
    let trace: Trace
    /// The record of the command's beginning.
    let position: Int

    var diagnosis: Diagnosis {
        let record = trace.records[position]
        let via = record.event.subject
        guard via != .master, via != record.context else { return ownDiagnosis }
        guard let asking = request else {
            return Diagnosis(.requestNotSent, at: record.context, ["\(here) never asked \(name(via)) to start it."])
        }
        let examiner = Examiner(call: asking, trace: trace, whole: trace)
        var found: Diagnosis
        if let trouble = examiner.messageTrouble {
            found = trouble
        } else if let lost = trace.lost(between: record.context, and: via) {
            let listener = record.context
            found =
                NoticeWalk(call: asking, lost: lost, listener: listener, trace: trace, whole: trace).diagnosis
        } else if let there = trace.connect(startedBy: examiner.request) {
            found = unanswered(there) ?? ConnectWalk(trace: trace, position: there).diagnosis
        } else {
            found = Diagnosis(.requestIgnored, at: via, ["\(name(via)) was asked to start it and did not begin."])
        }
        found.evidence = examiner.evidence + found.evidence
        if found.trail.isEmpty { found.trail = examiner.trail }
        return found
    }

    /// The one who was asked is done with it, and its answer never left.
    private func unanswered(_ there: Int) -> Diagnosis? {
        guard let ended = trace.end(ofConnect: there) else { return nil }
        let place = trace.records[there].context
        let how = trace.records[ended].event.reason == .none ? "had it up" : "gave it up"
        return Diagnosis(
            .replyNotSent, at: place, ["\(name(place)) \(how) \(trace.moment(ended)), and never told \(here)."])
    }

    // MARK: Parts

    private var here: String { name(trace.records[position].context) }
    private func name(_ context: ContextID) -> String { trace.name(context) }

    /// The question to the context that is to start it, seen as a call.
    private var request: Call? {
        let record = trace.records[position]
        guard let handle = trace.handle(ofConnect: position) else { return nil }
        return Call(
            caller: record.context, callee: record.event.subject, handle: handle, function: "connect", tag: "",
            started: position)
    }

    /// The new context is started right here.
    private var ownDiagnosis: Diagnosis {
        let record = trace.records[position]
        guard let launch = trace.launch(ofConnect: position) else { return idDiagnosis }
        let child = trace.records[launch].event.subject
        let ordered = "\(here) ordered its start \(trace.moment(launch))"
        guard trace.isTraced(child) else {
            return Diagnosis(
                .notLaunched, at: record.context, ["\(ordered), and of the process nothing was ever heard."])
        }
        return Diagnosis(
            .contextNotUp, at: record.context, ["\(ordered). It began, but \(here) never heard that it is up."])
    }

    /// It has no id yet: those come from the root.
    private var idDiagnosis: Diagnosis {
        let record = trace.records[position]
        let asked = trace.framesOut(toFixed: .allocateID).last { trace.records[$0].event.source == record.context }
        guard let asked else {
            return Diagnosis(.contextNotUp, at: record.context, ["\(here) neither started it nor gave it up."])
        }
        let event = trace.records[asked].event
        let asking = Call(
            caller: record.context, callee: .master, handle: event.replyTo, function: "ALLOCATE_ID", tag: "",
            started: asked)
        let examiner = Examiner(
            call: asking, trace: trace, whole: trace, request: trace.journey(from: asked))
        var found =
            examiner.messageTrouble
            ?? Diagnosis(.requestIgnored, at: .master, ["master had the request for ids and did not answer."])
        found.story.insert("\(here) asked master for context ids and waits for them.", at: 0)
        found.evidence = examiner.evidence + found.evidence
        return found
    }
}

extension Trace {
    /// Whether a connect command is without an end and its context is there to have it.
    func isOpenConnect(_ position: Int) -> Bool {
        end(ofConnect: position) == nil && !isGone(records[position].context)
    }

    /// Where a connect command ended.
    func end(ofConnect position: Int) -> Int? { index.connectEnds[position].flatMap(seen) }

    /// The handle at which a context waits for another to start one.
    func handle(ofConnect position: Int) -> Handle? {
        consequences(of: position).first { records[$0].event.kind == .handleAdded }.map { records[$0].event.handle }
    }

    /// The connect command whose answer must come to `handle` of `asker`.
    func connect(of asker: ContextID, waitingAt handle: Handle) -> Int? {
        positions(of: .connectStarted).first { records[$0].context == asker && self.handle(ofConnect: $0) == handle }
    }

    /// The connect command that began in a context because it was asked to.
    func connect(startedBy request: Journey) -> Int? {
        guard let arrival = request.records.last(where: { records[$0].event.kind == .frameIn }) else { return nil }
        return effects(of: arrival).first { records[$0].event.kind == .connectStarted }
    }

    /// The launch that a connect command led to, at once or when ids had come.
    func launch(ofConnect position: Int) -> Int? {
        let record = records[position]
        return positions(of: .launchStarted).first {
            $0 > position && records[$0].context == record.context && records[$0].event.text == record.event.text
        }
    }

    /// What followed in the same context: a command is its own cause, what was asked for from elsewhere shares one.
    private func consequences(of position: Int) -> [Int] {
        let record = records[position]
        guard record.event.cause != 0 else { return effects(of: position) }
        return effects(of: StepName(record.context, record.event.cause)).filter { $0 > position }
    }
}
