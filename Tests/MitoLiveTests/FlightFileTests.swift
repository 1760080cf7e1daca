import TestSupport
import Glibc
import MitoCore
import MitoLinux
import MitoLive
import MitoTrace
import Mitoscope
import Testing

/// What live contexts did last, fetched from them or left in files.
@Suite(.timeLimit(.minutes(1))) struct FlightFileTests {
    @Test func `the recordings of a whole tree are fetched from its root`() async throws {
        try await Live.tree { live in
            let relay = try await live.router.local(name: uniqueName("relay"))
            let leaf = try await live.router.local(name: uniqueName("leaf"), via: relay)
            async let waiting: Value? = try? await leaf.call("hang")
            func isHanging(_ recording: FlightRecording) -> Bool {
                recording.events.contains { $0.kind == .invocationStarted && $0.text == "hang" }
            }
            while try await !isHanging(live.router.flightRecording(of: leaf)) {}
            let (recordings, silent) = try await live.router.flightRecordings()
            #expect(recordings.map(\.context) == [.master, relay.id, leaf.id] && silent.isEmpty)
            #expect(recordings[0].events.contains { $0.kind == .callStarted && $0.text == "hang" })
            try await leaf.shutdown()
            _ = await waiting
        }
    }

    @Test func `a frozen context is named as silent`() async throws {
        try await Live.tree { live in
            let name = uniqueName("frozen")
            let web = try await live.router.local(name: name)
            let process = try #require(Processes.context(name))
            #expect(ProcessSignal.freeze(process.pid))
            let (recordings, silent) = try await live.router.flightRecordings(timeout: .milliseconds(100))
            #expect(recordings.map(\.context) == [.master] && silent == [web.id])
            #expect(ProcessSignal.thaw(process.pid))
        }
    }

    @Test func `a signal leaves a recording that only its owner may read`() async throws {
        try await inFolder { folder, live in
            let name = uniqueName("web")
            let web = try await live.router.local(name: name)
            #expect(try await web.call("echo", [1]) == 1)
            let process = try #require(Processes.context(name))
            #expect(kill(process.pid, SIGUSR1) == 0)
            let path = "\(folder)/mitoscope-flight.\(web.id).\(process.pid).1.trace"
            #expect(await Processes.eventually { (Processes.read(path) ?? "").hasSuffix("\n") })
            var status = stat()
            #expect(stat(path, &status) == 0 && status.st_mode & 0o777 == 0o600)
            let (header, records) = try TraceReader.readAll(Array((Processes.read(path) ?? "").utf8))
            #expect(header.flight == "signal" && header.world == "live")
            #expect(records.contains { $0.event.kind == .invocationEnded && $0.event.text == "echo" })
            #expect(try await web.call("echo", [2]) == 2)
        }
    }

    @Test func `a link that is there already is not followed`() async throws {
        try await inFolder { folder, live in
            let name = uniqueName("web")
            let web = try await live.router.local(name: name)
            let process = try #require(Processes.context(name))
            let (path, target) = ("\(folder)/mitoscope-flight.\(web.id).\(process.pid).1.trace", "\(folder)/target")
            #expect(symlink(target, path) == 0)
            #expect(kill(process.pid, SIGUSR1) == 0)
            #expect(kill(process.pid, SIGUSR1) == 0 && access(target, F_OK) != 0)
            // The next one has a name of its own.
            let next = "\(folder)/mitoscope-flight.\(web.id).\(process.pid).2.trace"
            while access(next, F_OK) != 0 {
                #expect(kill(process.pid, SIGUSR1) == 0)
                #expect(try await web.call("echo", [2]) == 2)
            }
            #expect(access(target, F_OK) != 0)
        }
    }

    @Test func `whoever sees a time-out leaves a recording where a folder was named, but not without end`() async throws
    {
        try await inFolder { folder, live in
            let web = try await live.router.local()
            for _ in 0..<20 {
                await #expect(throws: MitoscopeError.self) { try await web.call("hang", timeout: .milliseconds(1)) }
            }
            let names = Processes.names(in: folder).filter { $0.hasPrefix("mitoscope-flight.0.") }
            #expect(names.count == 16)
        }
    }

    @Test func `without a folder nobody leaves anything by himself`() async throws {
        try await Live.tree { live in
            let web = try await live.router.local()
            await #expect(throws: MitoscopeError.self) { try await web.call("hang", timeout: .milliseconds(1)) }
            let mine = "mitoscope-flight.0.\(getpid())."
            #expect(!Processes.names(in: "/tmp").contains { $0.hasPrefix(mine) })
        }
    }

    private func inFolder(_ story: (String, Live) async throws -> Void) async throws {
        let folder = "/tmp/\(uniqueName("flight"))"
        #expect(mkdir(folder, 0o700) == 0)
        defer {
            for name in Processes.names(in: folder) { unlink("\(folder)/\(name)") }
            rmdir(folder)
        }
        let live = try Live(flightFolder: folder)
        do {
            try await story(folder, live)
            try await live.router.shutdown()
        } catch {
            try await live.router.shutdown()
            throw error
        }
    }
}
