import MitoCore
import MitoLinks
public import MitoTrace
import Mitoscope

/// One telling of a soak plan: the tree grows, is asked and beaten, comes to rest, and is ended, under all checkers.
///
/// ```swift
/// let outcome = SoakRun.outcome(of: SoakPlan(seed: 1, tree: 17))
/// print(outcome.violations)
/// ```
public final class SoakRun {
    /// What came of a plan.
    public struct Outcome: Hashable, Sendable {
        /// What was wrong; empty when all was well.
        public var violations: [Violation] = []
        /// How many contexts came up, calls ended with a value and otherwise, and records there were.
        public var contexts = 1
        public var values = 0
        public var failures = 0
        public var records: UInt64 = 0
        /// How many frames were struck, and how many functions of the program's own ended.
        public var strikes = 0
        public var code = 0
        /// The run in one number.
        public var hash: UInt64 = 0

        public init() {}
    }

    /// Runs a plan. `onRecord` sees each record as it is made; `atRest` is asked for what else is wrong when nothing
    /// happens any more and the tree is still up.
    public static func outcome(
        of plan: SoakPlan, onRecord: @escaping (TraceRecord) -> Void = { _ in },
        atRest: @escaping () -> [Violation] = { [] }
    ) -> Outcome {
        let run = SoakRun(plan, onRecord, atRest)
        run.tell()
        return run.finished()
    }

    // MARK: The four acts

    private func tell() {
        for member in plan.members.dropFirst() where member.late == nil && member.parent == 0 { start(member) }
        guard comesToRest("the growth") else { return }
        isGrown = true
        raise()
        guard comesToRest("the story") else { return }
        outcome.violations += atRest()
        checkers.audit(simulation.staleEnds)
        checkers.rested()
        for context in simulation.contexts {
            guard let agent = simulation.agent(context) else { continue }
            checkers.audit(agent.node.holdings, of: context)
        }
        simulation.withAgent(.master) { $0.node.shutdown(at: $1) }
        guard comesToRest("the end") else { return }
        checkers.audit(simulation.remains)
    }

    /// Puts everything that will happen at its moment.
    private func raise() {
        let start = simulation.now
        for member in plan.members { if let late = member.late { schedule(.start(member), at: start + late) } }
        for deed in plan.deeds { schedule(.deed(deed), at: start + deed.at) }
        for fault in plan.faults { schedule(.fault(fault), at: start + fault.at) }
    }

    /// Runs until nothing is left to happen. A world that does not come to rest is not well.
    private func comesToRest(_ act: String) -> Bool {
        switch simulation.run(until: simulation.now + Self.actMax) {
        case .quiescent: return true
        case .reached: complain(.worldComesToRest, "\(act) did not come to rest within \(Self.actMax)")
        case .livelocked(let at):
            complain(.worldComesToRest, "time stood still at \(Duration(nanoseconds: at.nanoseconds)) in \(act)")
        case .escaped(let escape): complain(.worldComesToRest, "\(act): \(escape)")
        }
        return false
    }

    private func finished() -> Outcome {
        outcome.violations += checkers.finish()
        outcome.records = simulation.records
        outcome.hash = simulation.hash
        // A context that ends in the middle of what it reads leaves the rest unread.
        if framesIn > simulation.framesMoved {
            complain(.linksKeepOrder, "\(framesIn) frames came in, and links carried \(simulation.framesMoved)")
        }
        return outcome
    }

    // MARK: What happens

    private enum Step {
        case start(SoakPlan.Member)
        case deed(SoakPlan.Deed)
        case fault(SoakPlan.Fault)
        case strike(Fault)
        case cancel(ContextID, CallID)
    }

    private func schedule(_ step: Step, at time: Instant) {
        steps.append(step)
        simulation.schedule(at: time, token: UInt64(steps.count - 1))
    }

    private func perform(_ step: Step) {
        switch step {
        case .start(let member): start(member)
        case .deed(let deed): perform(deed)
        case .fault(let fault): perform(fault)
        case .strike(let fault): strike(fault)
        case .cancel(let context, let call): simulation.withAgent(context) { $0.node.cancel(call, at: $1) }
        }
    }

    private func start(_ member: SoakPlan.Member) {
        // Who is not there asks for nothing, and nothing can be started below.
        guard let asker = ids[member.asker], let parent = ids[member.parent] else { return }
        var request = ConnectRequest(name: "m\(member.number)", via: asker == parent ? nil : parent)
        request.tag = "m\(member.number)"
        let id = simulation.withAgent(asker) { $0.node.connect(request, at: $1) }
        if let id { starting[CommandName(context: asker, number: UInt64(id.rawValue))] = member }
    }

    private func perform(_ fault: SoakPlan.Fault) {
        switch fault.kind {
        case .kill(let member): strike(.kill(id(member)))
        case .restart(let member): strike(.restart(id(member)))
        case .freeze(let member, let time): strike(.freeze(id(member)), until: .thaw(id(member)), after: time)
        case .cut(let member, let ways, let time):
            strike(.link(id(member), .cut(ways)), until: .link(id(member), .mend), after: time)
        case .hold(let member, let ways, let time):
            strike(.link(id(member), .hold(ways)), until: .link(id(member), .release(ways)), after: time)
        case .reset(let member): strike(.link(id(member), .reset))
        case .slow(let member, let delay): strike(.link(id(member), .set(LinkModel(delay: .uniform(.zero, delay)))))
        case .delay(let member, let time):
            strike(.frames(FrameFault(.delay(time), FramePattern(link: id(member)))))
        case .frame(let member, let isOwn, let kind, let frames, let nth):
            let pattern =
                isOwn ? FramePattern(kind: frames, source: id(member)) : FramePattern(kind: frames, link: id(member))
            strike(.frames(FrameFault(kind, pattern, nth: nth)))
        case .spoof(let member, let other, let target, let handle):
            let message = Message(
                to: id(target), from: id(other), handle: Handle(handle), replyTo: Handle(2_000_000))
            strike(.spoof(message, by: id(member)))
        }
    }

    private func strike(_ fault: Fault, until end: Fault? = nil, after time: Duration = .zero) {
        simulation.perform(fault)
        if let end { schedule(.strike(end), at: simulation.now + time) }
    }

    private func perform(_ deed: SoakPlan.Deed) {
        switch deed.kind {
        case .call(let call): self.call(call, deed.number)
        case .stream(let source, let sink, let count, let size):
            begin(CallRequest("collect", on: id(sink)), by: 0, .collect(from: source, to: sink, count: count, size))
        case .stray(let source, let target, let handle):
            let message = Message(to: id(target), handle: Handle(handle), replyTo: Handle(1_000_000))
            simulation.withAgent(id(source)) { $0.node.send(message, at: $1) }
        case .shutdown(let member, let by):
            simulation.withAgent(id(by)) { [id = id(member)] in $0.node.shutdown(id, at: $1) }
        }
    }

    // MARK: Calls

    /// What is to be done, or must be true, when a call ends.
    private enum Sequel {
        case expect(Value)
        case anything
        case collect(from: Int, to: Int, count: Int, Int?)
        case items(count: Int, Int?)
    }

    private func call(_ call: SoakPlan.Call, _ number: Int) {
        let (function, arguments) = words(call.function, by: call)
        var request = CallRequest(function, on: id(call.target), arguments)
        request.timeout = call.timeout
        request.isNoReply = call.isNoReply
        request.chain = call.chain.map { "chain \($0) of m\(call.caller)" }
        request.tag = "d\(number)"
        let expected = call.isNoReply ? Value.none : call.function.result
        let begun = begin(request, by: call.caller, expected.map { .expect($0) } ?? .anything)
        guard let begun, let patience = call.patience else { return }
        schedule(.cancel(id(call.caller), begun), at: simulation.now + patience)
    }

    @discardableResult
    private func begin(_ request: CallRequest, by caller: Int, _ sequel: Sequel) -> CallID? {
        let call = simulation.withAgent(id(caller)) { $0.node.call(request, at: $1) }
        if let call { calls[CommandName(context: id(caller), number: UInt64(call.handle.rawValue))] = sequel }
        return call
    }

    private func words(_ function: SoakPlan.Function, by call: SoakPlan.Call) -> (String, [Value]) {
        switch function {
        case .echo(let bytes): ("echo", [.bytes([UInt8](repeating: 7, count: bytes))])
        case .add(let a, let b): ("add", [.int(Int64(a)), .int(Int64(b))])
        case .sleep(let time): ("sleep", [.text(Text("\(time)"))])
        case .block(let time): ("block", [.text(Text("\(time)"))])
        case .give(let number): ("return", [.int(Int64(number))])
        case .fail: ("fail", ["as it should"])
        case .hang: ("hang", [])
        case .whoami: ("whoami", [])
        case .unknown: ("no.such.function", [])
        case .malformed: ("sleep", [.list([])])
        case .forgetChain:
            ("mitogen.core.Dispatcher.forget_chain", [.text(Text("chain \(call.chain ?? 0) of m\(call.caller)"))])
        case .code(let code): words(code)
        case .relay(let target, let inner):
            relayed(words(inner, by: call), to: id(target))
        }
    }

    private func words(_ code: SoakPlan.Code) -> (String, [Value]) {
        func number(_ member: Int) -> Value { .int(Int64(id(member).rawValue)) }
        func milliseconds(_ time: Duration) -> Value { .int(time.nanoseconds / 1_000_000) }
        return switch code {
        case .ask(let targets, let time): ("soak.ask", [.list(targets.map(number)), milliseconds(time)])
        case .race(let target, let time): ("soak.race", [number(target), milliseconds(time)])
        case .block(let target, let time): ("soak.block", [number(target), milliseconds(time)])
        case .cancel(let count): ("soak.cancel", [.int(Int64(count))])
        case .tally(let count): ("soak.tally", [.int(Int64(count))])
        case .count(let count): ("soak.count", [.int(Int64(count))])
        }
    }

    private func relayed(_ inner: (function: String, arguments: [Value]), to target: ContextID) -> (String, [Value]) {
        ("relay", [.int(Int64(target.rawValue)), .text(Text(inner.function))] + inner.arguments)
    }

    // MARK: What is told

    private func received(_ order: Order, in context: ContextID) {
        switch order {
        case .completed(let call, let result):
            let name = CommandName(context: context, number: UInt64(call.handle.rawValue))
            if let sequel = calls.removeValue(forKey: name) { ended(sequel, result, in: context) }
        case .connected(let id, let result):
            let name = CommandName(context: context, number: UInt64(id.rawValue))
            guard let member = starting.removeValue(forKey: name), case .success(let id) = result else { return }
            ids[member.number] = id
            outcome.contexts += 1
            for child in plan.members where child.parent == member.number && child.late == nil && !isGrown {
                if child.number != 0 { start(child) }
            }
        default: break
        }
    }

    private func ended(_ sequel: Sequel, _ result: MitoCore.Outcome, in context: ContextID) {
        guard case .value(let value) = result else { return outcome.failures += 1 }
        outcome.values += 1
        switch sequel {
        case .anything: break
        case .expect(let expected):
            if value != expected, !isTorn {
                complain(.answersAreRight, "a call returned \(value) instead of \(expected)", in: context)
            }
        case .collect(let source, _, let count, let size):
            guard case .sender(let sink, _) = value else {
                if isTorn { return }
                return complain(.answersAreRight, "collect gave \(value)", in: context)
            }
            let arguments = [.int(Int64(count)), value] + (size.map { [.int(Int64($0))] } ?? [])
            begin(CallRequest(size == nil ? "tail" : "flood", on: id(source), arguments), by: 0, .anything)
            var drain = CallRequest("collected", on: sink, [value])
            drain.timeout = .seconds(20)
            begin(drain, by: 0, .items(count: count, size))
        case .items(let count, let size):
            guard case .list(let items) = value else {
                if isTorn { return }
                return complain(.answersAreRight, "no items, but \(value)", in: context)
            }
            let isWhole = items.count == count
            let isInOrder = size != nil || items.enumerated().allSatisfy { $1 == .int(Int64($0)) }
            if !isWhole || !isInOrder, !isTorn {
                complain(.answersAreRight, "\(items.count) of \(count) items, or out of order", in: context)
            }
        }
    }

    // MARK: Parts

    private struct CommandName: Hashable {
        var context: ContextID
        var number: UInt64
    }

    private let plan: SoakPlan
    private let simulation: Simulation
    private let atRest: () -> [Violation]
    private var checkers: Checkers
    /// May items be missing, come twice or be others?
    private let isTorn: Bool
    private var outcome = Outcome()
    private var framesIn: UInt64 = 0
    private var isGrown = false
    private var steps: [Step] = []
    /// The members that came up. For look-up only, as the two below.
    private var ids: [Int: ContextID] = [0: .master]
    private var calls: [CommandName: Sequel] = [:]
    private var starting: [CommandName: SoakPlan.Member] = [:]

    /// Longer than any time-out and any sleep, so that a world which still goes on then is not at rest.
    private static let actMax = Duration.seconds(3_600)

    private init(
        _ plan: SoakPlan, _ onRecord: @escaping (TraceRecord) -> Void, _ atRest: @escaping () -> [Violation]
    ) {
        self.plan = plan
        self.atRest = atRest
        checkers = Checkers(suspended: plan.suspended)
        isTorn = plan.suspended.contains(.answersAreRight)
        var configuration = Node.Configuration.traced
        configuration.callers = .anyone
        configuration.isUnidirectional = plan.settings.isUnidirectional
        configuration.messageBytesMax = plan.settings.messageBytesMax
        configuration.queueBytesMax = plan.settings.queueBytesMax
        configuration.defect = plan.settings.defect
        simulation = Simulation(
            seed: plan.seed &+ UInt64(plan.tree), configuration: configuration,
            functions: BuiltInFunctions.all + SoakCode.functions,
            startDelay: plan.settings.startDelay
        ) { _ in plan.settings.link }
        simulation.onRecord = { [unowned self] record in
            count(record)
            checkers.observe(record)
            onRecord(record)
        }
        simulation.onOrder = { [unowned self] in received($1, in: $0) }
        simulation.onToken = { [unowned self] in perform(steps[Int($0)]) }
    }

    private func count(_ record: TraceRecord) {
        switch record.event.kind {
        case .frameIn: framesIn += 1
        case .invocationEnded where record.event.text.hasPrefix(SoakCode.prefix): outcome.code += 1
        case .command where record.strike != nil: outcome.strikes += 1
        default: break
        }
    }

    /// The context of a member; one that nobody has where it did not come up.
    private func id(_ member: Int) -> ContextID { ids[member] ?? ContextID(4_000_000 + UInt32(member)) }

    private func complain(_ invariant: Invariant, _ what: String, in context: ContextID = .master) {
        outcome.violations.append(Violation(invariant, in: context, record: 0, at: simulation.now, what))
    }
}

extension SoakPlan.Function {
    /// What it returns, where that is known.
    fileprivate var result: Value? {
        switch self {
        case .echo(let bytes): .bytes([UInt8](repeating: 7, count: bytes))
        case .add(let a, let b): .int(Int64(a + b))
        case .give(let number): .int(Int64(number))
        case .relay(_, let inner): inner.result
        case .code(.ask(let targets, _)): .int(Int64(targets.count))
        case .code(.race), .code(.block): .int(1)
        case .code(.cancel(let count)), .code(.tally(let count)), .code(.count(let count)): .int(Int64(count))
        case .sleep, .block, .fail, .hang, .whoami, .unknown, .malformed, .forgetChain: nil
        }
    }
}
