import Testing

@testable import MitoCore

/// What a context did last is always known, traced or not.
struct FlightRecordingTests {
    @Test func `an entry takes 64 bytes and holds no reference`() {
        #expect(MemoryLayout<FlightEntry>.size == 64 && MemoryLayout<FlightEntry>.stride == 64)
        #expect(_isPOD(FlightEntry.self))
        #expect(FlightEntry.byteCount == 64)
    }

    @Test func `an untraced context remembers what a traced one writes`() throws {
        let families = try [true, false].map { try Self.busyFamily(isTraced: $0) }
        #expect(families[1].events.isEmpty)
        for place in families[0].nodes.indices {
            let told = families[0].events.filter { $0.node == place }.map(\.event)
            let kept = families[1].nodes[place].flightRecording.events
            #expect(kept.map(\.step) == told.map(\.step))
            for (one, other) in zip(told, kept) { #expect(Self.plain(one) == Self.plain(other)) }
            // The ring of a traced one is the same, but for texts that are too dear to make for nobody.
            #expect(families[0].nodes[place].flightRecording.events.map(Self.plain) == kept.map(Self.plain))
        }
    }

    @Test func `only the latest events are kept, in their order`() throws {
        var configuration = Node.Configuration()
        configuration.flightEntriesMax = 10
        var family = Family.pair(configuration)
        for _ in 0..<20 { _ = family.call("echo", to: 1, 1) }
        let steps = family.nodes[1].flightRecording.events.filter { $0.step != 0 }.map(\.step)
        #expect(steps.count == 10)
        let first = try #require(steps.first)
        #expect(steps == Array(first..<first + 10))
    }

    @Test func `a context that keeps none has none`() {
        var configuration = Node.Configuration()
        configuration.flightEntriesMax = 0
        var family = Family.pair(configuration)
        _ = family.call("echo", to: 1, 1)
        #expect(family.nodes[0].flightRecording.events.allSatisfy { $0.step == 0 })
    }

    @Test func `what began before the ring does and is not over is told first`() throws {
        var configuration = Node.Configuration()
        configuration.flightEntriesMax = 4
        var family = Family.pair(configuration)
        family.run = { $0.function == "hang" ? nil : .success(.none) }
        _ = family.call("hang", to: 1)
        for _ in 0..<5 { _ = family.call("echo", to: 1) }
        let above = family.nodes[0].flightRecording.events
        #expect(above.first?.kind == .contextUp && above.first?.text == "master")
        #expect(above.contains { $0.kind == .linkUp && $0.link == family.id(1) })
        #expect(above.contains { $0.kind == .callStarted && $0.text == "hang" && $0.step == 0 })
        let below = family.nodes[1].flightRecording.events
        #expect(below.contains { $0.kind == .invocationStarted && $0.text == "hang" })
        #expect(below.count { $0.kind == .invocationQueued && $0.text == "echo" } == 5)
    }

    @Test func `texts are cut between letters`() {
        func kept(_ text: String) -> String? {
            var event = Event(.log)
            event.text = text
            return FlightEntry(event).event(step: 1)?.text
        }
        #expect(kept("") == "" && kept("echo") == "echo" && kept("sixteen letters.") == "sixteen letters.")
        #expect(kept("seventeen letters") == "seventeen letter…")
        #expect(kept("fifteen letters\u{E9}") == "fifteen letters…")
        #expect(kept(String(repeating: "x", count: 1000)) == String(repeating: "x", count: 16) + "…")
    }

    @Test func `a supervisor fetches it from a context below`() throws {
        var family = try Self.busyFamily(isTraced: false)
        let here = family.nodes[2].flightRecording
        let id = family.at(0) { $0.supervise(here.context, .recording, timeout: .seconds(5), at: $1) }
        guard case .value(let answer) = family.outcome(of: id, at: 0) else { return #expect(Bool(false)) }
        let recording = try #require(FlightRecording(answer))
        #expect(recording.context == here.context && recording.name == "grandchild")
        #expect(recording.parent == family.id(1) && recording.children.isEmpty)
        // Between the two looks the question itself came in.
        #expect(recording.events.map(\.step).starts(with: here.events.map(\.step)))
        #expect(family.nodes[0].openHandles.isEmpty)
    }

    @Test func `nobody but a parent gets it`() throws {
        var family = try Self.busyFamily(isTraced: false)
        let child = family.id(1)
        let id = family.at(2) { $0.supervise(child, .recording, timeout: .seconds(5), at: $1) }
        guard case .failed(let failure) = family.outcome(of: id, at: 2) else { return #expect(Bool(false)) }
        #expect(failure.kind == .channel)
    }

    @Test func `a question that nobody answers ends by its time-out`() {
        var family = Family.pair()
        let id = family.at(0) { $0.supervise(ContextID(1), .recording, timeout: .seconds(5), at: $1) }
        #expect(family.outcome(of: id, at: 0) != nil)
        family.lose(1)
        let other = family.at(0) { $0.supervise(ContextID(1), .recording, timeout: .seconds(5), at: $1) }
        guard case .failed = family.outcome(of: other, at: 0) else { return #expect(Bool(false)) }
    }

    @Test func `a recording travels whole`() throws {
        let recording = try Self.busyFamily(isTraced: false).nodes[1].flightRecording
        let value = try Value(pickled: recording.value.pickled())
        #expect(FlightRecording(value) == recording)
    }

    @Test(arguments: 0..<200) func `a stranger's recording is read or refused, and never a trap`(seed: UInt64) throws {
        var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
        func draw(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(bound))
        }
        var bytes = try Self.busyFamily(isTraced: false).nodes[1].flightRecording.value.pickled()
        for _ in 0...draw(4) { bytes[draw(bytes.count)] = UInt8(draw(256)) }
        guard let value = try? Value(pickled: bytes), let recording = FlightRecording(value) else { return }
        for event in recording.events { #expect(event.cause <= event.step) }
    }

    @Test func `what is no recording is refused`() throws {
        let value = try Self.busyFamily(isTraced: false).nodes[1].flightRecording.value
        guard case .tuple(let parts) = value else { return #expect(Bool(false)) }
        #expect(FlightRecording(.none) == nil && FlightRecording(.tuple([])) == nil)
        let changes: [(Int, Value)] = [
            (0, 2), (1, -1), (5, "now"), (6, 0), (7, .bytes([1])), (7, .bytes(Array(repeating: 255, count: 64))),
            (8, .list([.none])), (4, .list(["x"])),
        ]
        for (place, other) in changes {
            var changed = parts
            changed[place] = other
            #expect(FlightRecording(.tuple(changed)) == nil, "part \(place)")
        }
    }

    /// master — child — grandchild, with calls through the child, one of which fails.
    private static func busyFamily(isTraced: Bool) throws -> Family {
        var configuration = Node.Configuration()
        configuration.isTraced = isTraced
        var family = Family.pair(configuration)
        family.add("grandchild", below: 1)
        for number in Int64(0)..<3 { _ = family.call("echo", to: family.id(2).rawValue, .int(number)) }
        _ = family.call("echo", to: 77)
        return family
    }

    /// An event without what an entry leaves out.
    private static func plain(_ event: Event) -> Event {
        var event = event
        (event.text, event.tag) = ("", "")
        if event.handle != .delRoute { event.digest = 0 }
        return event
    }
}
