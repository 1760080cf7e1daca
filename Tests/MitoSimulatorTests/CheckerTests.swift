import MitoCore
import MitoSimulator
import MitoTrace
import Mitoscope
import Testing

@Suite struct CheckerTests {
    @Test func `an honest run keeps every invariant`() {
        let records = Self.story().records
        #expect(records.count > 250)
        #expect(violations(of: records) == [])
    }

    @Test func `a suspended invariant is not watched`() {
        let torn = Self.story().records.filter { $0.event.kind != .callEnded }
        #expect(!violations(of: torn).isEmpty)
        #expect(violations(of: torn, suspended: [.callsEndOnce, .nothingLeftBehind, .causesComeFirst]).isEmpty)
    }

    /// Each checker is shown a run that was honest but for one thing.
    @Test(arguments: Tampering.all)
    func `what is wrong is found, with its invariant, place and record`(tampering: Tampering) throws {
        let (records, place) = try tampering.applied(to: Self.story().records)
        let found = violations(of: records, suspended: tampering.others)
        let first = try #require(found.first)
        #expect(first.invariant == tampering.invariant)
        #expect(first.context == records[place].context)
        #expect(first.record == records[place].index)
        #expect(first.what.contains(tampering.words), "\(first)")
    }

    @Test func `one defect that shows everywhere is told with its count`() {
        var records = Self.story().records
        for place in records.indices where records[place].event.kind == .frameIn {
            records[place].event.length += 1
        }
        let found = violations(of: records)
        #expect(found.count == 50)
        #expect(found.last?.what.contains("more") == true)
        #expect("\(found[0])".hasPrefix("links-keep-order: context "))
    }

    @Test func `what a world finds at the end is a violation`() {
        for kind in Remains.Kind.allCases {
            var checkers = Checkers()
            checkers.audit([Remains(kind, of: ContextID(3), "number 17")])
            #expect(checkers.finish().map(\.what) == ["a \(kind.rawValue) is left: number 17"])
        }
    }

    /// Who calls a lost context waits for a refusal, which a fault may keep from coming.
    @Test func `a call that began after the loss of its callee is nobody's leftover`() {
        let grove = Grove(configuration: .open)
        let (web, db) = (grove.grow("web"), grove.grow("db"))
        grove.call("echo", on: db, [1], from: web)
        grove.simulation.kill(db)
        grove.run()
        grove.simulation.perform(.frames(FrameFault(.drop, FramePattern(kind: .call, source: web))))
        grove.begin("echo", on: db, [2], from: web)
        grove.run()
        #expect(violations(of: grove.records, suspended: [.callsEndOnce]) == [])
    }

    @Test func `a process that was never ended is found`() {
        let grove = Grove(omission: Omission(.exit))
        let web = grove.grow("web")
        grove.simulation.withAgent(web) { $0.node.shutdown(at: $1) }
        grove.run()
        grove.simulation.withAgent(.master) { $0.node.shutdown(at: $1) }
        grove.run()
        #expect(grove.simulation.remains == [Remains(.process, of: web, "the process of context 1")])
    }

    @Test func `code that never ends is found`() {
        let stuck = RemoteFunction("test.stuck") { () async in
            await withUnsafeContinuation { (_: UnsafeContinuation<Void, Never>) in }
        }
        let grove = Grove(functions: [stuck])
        let web = grove.grow("web")
        grove.begin("test.stuck", on: web)
        grove.run()
        #expect(grove.simulation.remains.contains(Remains(.task, of: web, "test.stuck")))
        grove.simulation.kill(web)
        grove.run()
        #expect(grove.simulation.remains.allSatisfy { $0.kind == .process && $0.context == .master })
    }

    /// A tree that lives and dies: calls, a relay, a wait that ends with its peer, an orderly end.
    static func story() -> Grove {
        let grove = Grove(configuration: .open)
        let chain = grove.growChain(["bastion", "rack", "db"])
        let web = grove.grow("web", via: chain[1])
        grove.call("echo", on: chain[2], [1])
        grove.call("sleep", on: chain[2], ["10s"], timeout: .seconds(1))
        grove.call("relay", on: web, [.int(Int64(chain[2].rawValue)), "echo", 2], from: chain[0])
        grove.begin("hang", on: chain[2], from: web)
        grove.begin("echo", on: chain[2], [3])
        grove.run(for: .seconds(30))
        grove.simulation.kill(chain[2])
        grove.run()
        grove.simulation.withAgent(.master) { $0.node.shutdown(at: $1) }
        grove.run()
        return grove
    }
}

/// What all checkers find in records.
func violations(of records: [TraceRecord], suspended: Set<Invariant> = []) -> [Violation] {
    var checkers = Checkers(suspended: suspended)
    for record in records { checkers.observe(record) }
    return checkers.finish()
}

extension Node.Configuration {
    /// Traced, and anybody may call anybody.
    static var open: Node.Configuration {
        var configuration = Node.Configuration.traced
        configuration.callers = .anyone
        return configuration
    }
}

/// One lie put into the records of an honest run.
struct Tampering: Sendable, CustomTestStringConvertible {
    var invariant: Invariant
    var words: String
    /// What cannot but be broken with it, and is not the point.
    var others: Set<Invariant>
    /// Tells the lie, and where it must be found.
    var tell: @Sendable (inout [TraceRecord]) throws -> Int

    var testDescription: String { "\(invariant.rawValue): \(words)" }

    func applied(to records: [TraceRecord]) throws -> ([TraceRecord], Int) {
        var records = records
        let place = try tell(&records)
        return (records, place)
    }

    static let all: [Tampering] = [
        Tampering(invariant: .callsEndOnce, words: "ended without having been open", others: [.causesComeFirst]) {
            let end = try $0.place { $0.kind == .callEnded }
            $0.insert($0[end], at: end + 1)
            return end + 1
        },
        Tampering(
            invariant: .callsEndOnce, words: "the call of hang in 1002 never ended",
            others: [.causesComeFirst, .nothingLeftBehind]
        ) {
            let end = try $0.place { $0.kind == .callEnded && $0.reason == .respondentLost }
            let lost = $0.remove(at: end)
            return try $0.place(after: end) { $0.kind == .contextDown && $0.subject == lost.context }
        },
        Tampering(invariant: .functionsTakeTurns, words: "was started while echo runs", others: [.causesComeFirst]) {
            let start = try $0.place { $0.kind == .invocationStarted }
            $0.insert($0[start], at: start + 1)
            return start + 1
        },
        Tampering(
            invariant: .functionsTakeTurns, words: "without having run", others: [.causesComeFirst, .callsEndOnce]
        ) {
            let end = try $0.place { $0.kind == .invocationEnded }
            $0.insert($0[end], at: end + 1)
            return end + 1
        },
        Tampering(invariant: .linksKeepOrder, words: "is not what was sent", others: []) {
            let frame = try $0.place { $0.kind == .frameIn && $0.handle == .callFunction }
            $0[frame].event.digest ^= 1
            return frame
        },
        Tampering(invariant: .linksKeepOrder, words: "came after frame", others: []) {
            let frame = try $0.place { $0.kind == .frameIn && $0.handle == .callFunction }
            $0[frame].event.ordinal += 1
            return frame
        },
        Tampering(
            invariant: .sendersAreGenuine, words: "delivered a message that came up the link of 1 from source 9",
            others: [.linksKeepOrder]
        ) {
            let frame = try $0.place { $0.kind == .frameIn && $0.upward && $0.destination == .master }
            $0[frame].event.source = ContextID(9)
            return try $0.place(after: frame) { $0.kind == .delivered }
        },
        Tampering(
            invariant: .sendersAreGenuine, words: "sent a message as 0 with the authority of 7",
            others: [.linksKeepOrder]
        ) {
            let frame = try $0.place { $0.kind == .frameOut && $0.handle == .callFunction }
            $0[frame].event.authority = ContextID(7)
            return frame
        },
        Tampering(invariant: .routesConverge, words: "that it did not have", others: []) {
            let removal = try $0.place { $0.kind == .routeRemoved }
            $0[removal].event.subject = ContextID(99)
            return removal
        },
        Tampering(invariant: .nothingLeftBehind, words: "the handle is still open", others: [.causesComeFirst]) {
            let end = try $0.place { $0.kind == .callEnded }
            $0.remove(at: try $0.place(before: end) { $0.kind == .handleRemoved })
            return end - 1
        },
        Tampering(invariant: .nothingLeftBehind, words: "its deadline is still set", others: [.causesComeFirst]) {
            let end = try $0.place { $0.kind == .callEnded && $0.reason == .timedOut }
            $0.remove(at: try $0.place(before: end) { $0.kind == .timerFired })
            return end - 1
        },
        Tampering(invariant: .causesComeFirst, words: "is due to step", others: []) {
            let event = try $0.place { $0.kind == .delivered }
            $0[event].event.cause = $0[event].event.step + 1
            return event
        },
        Tampering(invariant: .causesComeFirst, words: "that nobody had sent", others: [.linksKeepOrder]) {
            let lane = try $0[$0.place { $0.kind == .frameOut && $0.upward && $0.handle == .addRoute }].event
            let (outs, ins) = ($0.places(of: .frameOut, on: lane), $0.places(of: .frameIn, on: lane))
            // A frame that was alone on its way.
            let alone = try ins.indices.dropFirst().first {
                outs[$0] > ins[$0 - 1] && outs.dropFirst($0 + 1).allSatisfy { [came = ins[$0]] in $0 > came }
            }.unwrapped()
            $0[outs[alone]].event.kind = .log
            return ins[alone]
        },
        Tampering(invariant: .causesComeFirst, words: "after it was killed", others: []) {
            let kill = try $0.place { $0.kind == .command && $0.text == "kill" }
            let victim = $0[kill].event.subject
            var ghost = try $0.prefix(kill).last { $0.context == victim }.unwrapped()
            ghost.event.kind = .log
            ghost.event.step += 1
            ghost.event.cause = 0
            ghost.event.at = $0[kill].event.at
            $0.insert(ghost, at: kill + 1)
            $0.number()
            return kill + 1
        },
    ]
}

struct NoSuchRecord: Error {}

extension Optional {
    fileprivate func unwrapped() throws -> Wrapped {
        guard let self else { throw NoSuchRecord() }
        return self
    }
}

extension [TraceRecord] {
    fileprivate func place(after start: Int = 0, _ isMeant: (Event) -> Bool) throws -> Int {
        try indices.dropFirst(start).first { isMeant(self[$0].event) }.unwrapped()
    }

    fileprivate func place(before end: Int, _ isMeant: (Event) -> Bool) throws -> Int {
        try indices.prefix(end).last { isMeant(self[$0].event) }.unwrapped()
    }

    /// The frames that went into, or came out of, one direction of a link.
    fileprivate func places(of kind: Event.Kind, on lane: Event) -> [Int] {
        indices.filter {
            let event = self[$0].event
            return event.kind == kind && event.link == lane.link && event.upward == lane.upward
        }
    }

    /// Gives each record the index of its place.
    fileprivate mutating func number() {
        for place in indices { self[place].index = UInt64(place + 1) }
    }
}
