import MitoCore
import MitoReport
import MitoSimulator
import MitoTrace
import Mitoscope
import Synchronization
import Testing

/// What a context had done for its program, and its driver did not tell: named from what the program still waits for.
@Suite struct ProgramOmissionTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var omission: Omission
        var act: Act
        var what: String
        var testDescription: String { "\(omission.kind.rawValue) \(omission.nth) in \(act.rawValue)" }
    }

    private static let rows = [
        Row(omission: Omission(.completed), act: .calls, what: "the answer to master's call of web.whoami"),
        Row(omission: Omission(.completed, nth: 2), act: .calls, what: "the answer to master's call of db.whoami"),
        Row(
            omission: Omission(.connected, nth: 2), act: .calls,
            what: "the end of master's connect command (local db)"),
        Row(omission: Omission(.deliver, nth: 2), act: .items, what: "a message for the receiver at handle"),
        Row(omission: Omission(.lost), act: .losses, what: "the news for master's program that web is gone"),
        Row(omission: Omission(.deliver), act: .endings, what: "the word that web has ended"),
        Row(omission: Omission(.exit, nth: 3), act: .calls, what: "the end of master"),
        Row(omission: Omission(.completed), act: .nested, what: "the answer to web's call of db.whoami"),
    ]

    @Test(arguments: rows) func `what a program was not told is named`(row: Row) throws {
        let run = row.act.told(without: row.omission)
        let explainer = Explainer(Trace(run.records))
        #expect(run.result == nil && explainer.verdict.isHang)
        let loss = try #require(explainer.losses.first { $0.kind == .word })
        #expect(loss.what.hasPrefix(row.what), "\(loss.text)")
        #expect(explainer.explanation?.story.count ?? 0 <= 3)
    }

    /// Kind, number and story are the seed's.
    @Test(arguments: 0..<40) func `a drawn order that does not reach a program is named, or is missed by nobody`(
        seed: UInt64
    ) {
        let kinds: [Omission.Kind] = [
            .completed, .connected, .deliver, .lost, .detached, .exit, .perform, .block, .ending, .up,
        ]
        var drawn = Omission(seed: seed)
        drawn.kind = kinds[Int(seed) % kinds.count]
        let act = Act.allCases[(Int(seed) / kinds.count + drawn.nth) % Act.allCases.count]
        let run = act.told(without: drawn)
        let explainer = Explainer(Trace(run.records))
        let isNamed = !explainer.losses.isEmpty || explainer.explanation != nil
        #expect(isNamed || run.result == act.told(without: nil).result, "\(drawn) in \(act)")
    }

    @Test(arguments: Act.allCases) func `an honest program has missed nothing`(act: Act) {
        let run = act.told(without: nil)
        #expect(run.result != nil)
        #expect(Explainer(Trace(run.records)).losses.isEmpty)
    }

    /// The driver adds what its program waits for to what it takes out of the node.
    @Test func `a flight recording tells it too`() throws {
        let run = Story.call.told(without: Omission(.completed))
        var taken = try #require(run.simulation.agent(.master)).node.flightRecording
        taken.standing += run.records.map(\.event).filter { $0.kind == .programWaits }
        let recording = try #require(FlightRecording(taken.value))
        #expect(recording.events.last?.kind == .programWaits)
        let losses = Explainer(Trace(recording.records)).losses
        #expect(losses.map(\.kind) == [.word], "\(recording.events.map { "\($0.kind) \($0.handle)" })")
        #expect(losses.first?.what.contains("'s call of") == true)
    }

    @Test func `a program that waits for itself is told from one that was not told`() throws {
        let records = Mutex<[TraceRecord]>([])
        #expect(throws: Hang.self) {
            try withSimulatedRouter(
                seed: 1, functions: [], onRecord: { record in records.withLock { $0.append(record) } },
                { _ in await withUnsafeContinuation { (_: UnsafeContinuation<Void, Never>) in } })
        }
        let found = try #require(Explainer(Trace(records.withLock { $0 })).explanation)
        #expect(found.because == .programWaits && found.verdict == .deadlock)
        #expect(found.text.contains("the program has not ended"))
    }
}

/// Short programs; each returns the same words whenever nothing is kept from it.
enum Act: String, Sendable, CaseIterable {
    case calls, items, losses, endings, nested, code

    func told(without omission: Omission?) -> (records: [TraceRecord], result: String?) {
        let records = Mutex<[TraceRecord]>([])
        var configuration = Node.Configuration.traced
        configuration.callers = .anyone
        let run = try? withSimulatedRouter(
            seed: 1, functions: BuiltInFunctions.all + [Self.ask, Self.tell, Self.pause], configuration: configuration,
            omission: omission, onRecord: { record in records.withLock { $0.append(record) } },
            { router in try await play(router) })
        return (records.withLock { $0 }, run?.result)
    }

    private func play(_ router: Router) async throws -> String {
        let web = try await router.local(name: "web")
        let db = try await router.local(name: "db")
        switch self {
        case .calls: return "\(try await web.call("whoami")) \(try await db.call("whoami"))"
        case .items:
            let numbers = try await Receiver(router)
            try await web.call(Self.tell, numbers.sender())
            var seen: [String] = []
            for _ in 0..<3 { seen.append("\(try await numbers.get().value())") }
            return "\(seen)"
        case .losses:
            var events = router.events().makeAsyncIterator()
            let farewell = web.shutdownAsync()
            while let event = try await events.next() {
                guard case .lost(let context) = event else { continue }
                _ = try await farewell.get()
                return "\(context.id) is gone"
            }
            return "nothing"
        case .endings:
            try await web.shutdown()
            return "web has ended"
        case .nested: return "\(try await web.call(Self.ask, db))"
        case .code: return "\(try await web.call(Self.pause, 1)) \(try await db.call("block", ["1s"]))"
        }
    }

    private static let ask = RemoteFunction("test.ask") { (other: Context) async throws -> String in
        "\(try await other.call("whoami"))"
    }
    private static let tell = RemoteFunction("test.tell") { (sender: Sender) async throws in
        for number in 1...3 { try sender.send(number) }
    }
    private static let pause = RemoteFunction("test.pause") { (seconds: Int) async throws -> Int in
        try await Task.sleep(for: .seconds(seconds))
        return seconds
    }
}
