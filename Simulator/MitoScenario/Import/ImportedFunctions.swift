import MitoCore
import MitoReport
import MitoTrace
import Mitoscope

/// What the functions of a recorded run did, as scripts: what they waited for and how long, whom they called, and how
/// they ended. Runs of one function that behaved alike share a script.
struct ImportedFunctions: Sendable {
    private(set) var notes: [String] = []
    private var scripts: [ContextID: [Script]] = [:]
    private var taken: [ContextID: Set<String>] = [:]
    /// By the position where a run was queued.
    private var nameByRun: [Int: String] = [:]
    /// The calls that functions made, by where they began: the scripts make them again.
    private(set) var nested: Set<Int> = []

    private struct Script {
        var name: String
        var function: String
        var steps: FlowItem
    }

    init(_ recording: Recording, _ names: ImportedNames) {
        let trace = recording.trace
        let outcomes = Dictionary(
            trace.calls.map { (ReplyPlace(caller: $0.caller, handle: $0.handle), $0) }, uniquingKeysWith: { a, _ in a })
        // A function that another one called was queued after it, and must have its name first.
        for run in trace.invocations.reversed() where run.queued >= recording.begin && names.has(run.context) {
            let call = outcomes[ReplyPlace(caller: run.source, handle: run.replyTo)]
            let steps = steps(of: run, call, trace, names)
            nameByRun[run.queued] = name(for: run.function, in: run.context, steps)
        }
    }

    /// The scripts of one context.
    func scripts(of context: ContextID) -> [(String, FlowItem)] {
        (scripts[context] ?? []).map { ($0.name, $0.steps) }
    }

    /// The script that stands for the function of a call; one that was never seen to run returns nothing.
    mutating func name(of call: Call, in trace: Trace) -> String {
        if let run = trace.run(of: call), let name = nameByRun[run.queued] { return name }
        if let script = scripts[call.callee]?.first(where: { $0.function == call.function }) { return script.name }
        return name(for: call.function, in: call.callee, .list([.map([("return", .word("null"))])]))
    }

    // MARK: Parts

    private struct ReplyPlace: Hashable {
        var caller: ContextID
        var handle: Handle
    }

    private mutating func name(for function: String, in context: ContextID, _ steps: FlowItem) -> String {
        let alike = scripts[context]?.first { $0.function == function && $0.steps.text == steps.text }
        if let alike { return alike.name }
        let name = ImportedNames.free(function, orElse: "function", &taken[context, default: []])
        scripts[context, default: []].append(Script(name: name, function: function, steps: steps))
        return name
    }

    private mutating func steps(
        of run: FunctionRun, _ call: Call?, _ trace: Trace, _ names: ImportedNames
    ) -> FlowItem {
        guard let started = trace.seen(run.started) else { return .list([Self.hang]) }
        var steps: [FlowItem] = []
        var now = trace.records[started].event.at
        var open: String?
        for wait in run.waits where wait.position < trace.end {
            let at = trace.records[wait.position].event.at
            if let what = wait.what {
                work(from: now, to: at, &steps)
                steps.append(step(what, at: wait.position, of: run, until: woken(wait, run, trace), trace, names))
                open = what
            } else {
                open = nil
            }
            now = at
        }
        guard let ended = trace.seen(run.ended), trace.records[ended].event.reason != .brokerExited else {
            // What it was at when the record ends is there already; else it is at work, and does not end.
            return .list(open == nil ? steps + [Self.hang] : steps)
        }
        work(from: now, to: trace.records[ended].event.at, &steps)
        return .list(steps + [Self.end(call, failed: trace.records[ended].event.reason == .callError)])
    }

    /// Work that takes a while is as good as sleep to everybody else.
    private func work(from start: Instant, to end: Instant, _ steps: inout [FlowItem]) {
        let time = (end - start).roundedToMicroseconds
        if time >= .milliseconds(1) { steps.append(.map([("sleep", .word("\(time)"))])) }
    }

    private mutating func step(
        _ what: String, at position: Int, of run: FunctionRun, until end: Instant?, _ trace: Trace,
        _ names: ImportedNames
    ) -> FlowItem {
        if what.hasPrefix("sleep "), let time = Duration(String(what.dropFirst(6))) {
            return .map([("sleep", .word("\(time)"))])
        }
        if what.hasPrefix("call "), let call = made(at: position, by: run, trace) {
            nested.insert(call.started)
            if names.isUp(call.callee, before: run.context) {
                let function = name(of: call, in: trace)
                return .map([("call", .word("\(names[call.callee]).\(function)"))])
            }
            notes.append(
                "the call from \(names[run.context]) to \(names[call.callee]): it was not up when \(names[run.context])"
                    + " started")
        }
        // Whatever else it waited for took this long.
        let start = trace.records[position].event.at
        return end.map { .map([("sleep", .word("\(($0 - start).roundedToMicroseconds)"))]) } ?? Self.hang
    }

    /// The call that a function waits for, which it began just before.
    private func made(at position: Int, by run: FunctionRun, _ trace: Trace) -> Call? {
        let target = trace.records[position].event.text.split(separator: " ", maxSplits: 2).dropFirst().first
        return trace.calls(from: run.context).last {
            $0.started < position && $0.started >= run.queued && target == "\($0.callee)"
        }
    }

    private func woken(_ wait: FunctionRun.Wait, _ run: FunctionRun, _ trace: Trace) -> Instant? {
        run.waits.first { $0.position > wait.position && $0.position < trace.end && $0.what == nil }
            .map { trace.records[$0.position].event.at }
    }

    private static let hang = FlowItem.map([("hang", .word("true"))])

    private static func end(_ call: Call?, failed: Bool) -> FlowItem {
        guard failed else { return .map([("return", (call?.result).map(value) ?? .word("null"))]) }
        let message = call?.result.split(separator: ": ", maxSplits: 2).last.map(String.init)
        return .map([("fail", .text(message ?? "it failed"))])
    }

    /// A value that a trace shows as Python would print it; what the language cannot say becomes text.
    private static func value(_ shown: String) -> FlowItem {
        switch shown {
        case "None", "": return .word("null")
        case "True": return .word("true")
        case "False": return .word("false")
        default: break
        }
        if Int64(shown) != nil { return .word(shown) }
        let isText = shown.utf8.count >= 2 && shown.hasPrefix("'") && shown.hasSuffix("'") && !shown.contains("\\")
        return .text(isText ? String(shown.dropFirst().dropLast()) : shown)
    }
}
