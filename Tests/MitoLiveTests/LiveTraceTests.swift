import TestSupport
import Glibc
import MitoCore
import MitoLinux
import MitoLive
import MitoTrace
import Mitoscope
import Testing

@Suite(.timeLimit(.minutes(1))) struct LiveTraceTests {
    @Test func `the order of the lines is a causal order, for all contexts of the host`() async throws {
        let trace = try await trace { live in
            let relay = try await live.router.local()
            let leaf = try await live.router.local(via: relay)
            for number in Int64(0)..<50 { #expect(try await leaf.call("echo", [.int(number)]) == .int(number)) }
        }
        #expect(trace.header.world == "live")
        var sent: Set<Frame> = []
        for record in trace.records {
            let frame = Frame(record.event)
            if record.event.kind == .frameOut { sent.insert(frame) }
            if record.event.kind == .frameIn { #expect(sent.contains(frame), "\(frame) came in before it went out") }
        }
        #expect(sent.count > 200)
    }

    @Test func `a trace that cannot be written names its path, and the variable that named it`() async {
        await #expect(processExitsWith: .success) {
            setenv("MITOSCOPE_TRACE", "/proc/nope", 1)
            let error = #expect(throws: SystemError.self) { try Broker(image: nil) }
            #expect(error?.description.hasPrefix("the trace '/proc/nope' (MITOSCOPE_TRACE): open: [Errno 2] ") == true)
        }
    }

    @Test func `every context writes its own steps, without a gap`() async throws {
        let trace = try await trace { live in
            let relay = try await live.router.local()
            _ = try await live.router.local(via: relay).call("whoami")
        }
        let contexts = Set(trace.records.map(\.context))
        #expect(contexts.count == 3)
        for context in contexts {
            let steps = trace.records.filter { $0.context == context }.map(\.event.step)
            #expect(steps == steps.indices.map { steps[0] + UInt64($0) })
        }
    }

    @Test func `what a relay passes on cites what came in`() async throws {
        let trace = try await trace { live in
            let relay = try await live.router.local()
            let leaf = try await live.router.local(via: relay)
            for number in Int64(0)..<20 { #expect(try await leaf.call("echo", [.int(number)]) == .int(number)) }
        }
        let relay = try #require(trace.records.map(\.context).first { $0 == ContextID(1) })
        let events = trace.records.filter { $0.context == relay }.map(\.event)
        let arrivals = events.filter { $0.kind == .frameIn }
        let passedOn = events.filter { event in
            event.kind == .frameOut && arrivals.contains { $0.step == event.cause && $0.digest == event.digest }
        }
        #expect(passedOn.count >= 40)
        #expect(trace.records.allSatisfy { $0.event.cause < $0.event.step || $0.event.step == 0 })
    }

    @Test func `the n-th frame out of a link is the n-th frame in`() async throws {
        let trace = try await trace { live in
            let relay = try await live.router.local()
            let leaf = try await live.router.local(via: relay)
            for number in Int64(0)..<20 { #expect(try await leaf.call("echo", [.int(number)]) == .int(number)) }
        }
        var sent: [Frame: UInt64] = [:]
        for event in trace.records.map(\.event) where event.kind == .frameOut {
            #expect(sent.updateValue(event.digest, forKey: Frame(event)) == nil, "two frames with one name")
        }
        for event in trace.records.map(\.event) where event.kind == .frameIn {
            #expect(sent[Frame(event)] == event.digest, "\(Frame(event)) is another frame than the one that went out")
        }
    }

    @Test func `the end of a process is in the trace`() async throws {
        let trace = try await trace { live in
            let name = uniqueName()
            let web = try await live.router.local(name: name)
            async let waiting: Void = ignoreFailure { try await web.call("hang") }
            let found = try #require(Processes.context(name))
            #expect(ProcessSignal.kill(found.pid))
            try await waiting
            _ = try await live.router.local()
        }
        let exits = trace.records.filter { $0.event.kind == .childExited }.map(\.event.text)
        #expect(exits.sorted() == ["exit 0", "signal 9"])
    }

    private struct Frame: Hashable {
        var link: ContextID
        var upward: Bool
        var ordinal: UInt64

        init(_ event: Event) { (link, upward, ordinal) = (event.link, event.upward, event.ordinal) }
    }

    private func ignoreFailure(_ body: () async throws -> Value) async throws { _ = try? await body() }

    private func trace(
        _ story: (Live) async throws -> Void
    ) async throws -> (header: TraceHeader, records: [TraceRecord]) {
        let path = "/tmp/\(uniqueName("trace"))"
        defer { unlink(path) }
        let live = try Live(tracePath: path)
        try await story(live)
        try await live.router.shutdown()
        return try TraceReader.readAll(Array((Processes.read(path) ?? "").utf8))
    }
}
