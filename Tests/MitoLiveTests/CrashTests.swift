import TestSupport
import Glibc
import MitoCore
import MitoLinux
import MitoLive
import Mitoscope
import Synchronization
import Testing

/// Whoever waited for a context that crashed is told how it ended, and so is the log.
@Suite(.timeLimit(.minutes(1))) struct CrashTests {
    @Test func `a trap is told by its signal, its message and the function that ran`() async throws {
        let told = try await crash("little.trap")
        #expect(told.contains("ended: signal 4 (SIGILL) while it ran little.trap"))
        #expect(told.contains("Fatal error: Index out of range"))
    }

    @Test(.enabled(if: Live.hasBacktracer, "SWIFT_BACKTRACE is set, or no swift-backtrace-static is in PATH's swift"))
    func `a backtrace is among the last lines where there is a backtracer`() async throws {
        let told = try await crash("little.trap")
        #expect(
            told.contains("Backtracing from") && told.contains("Endings.trap") || told.contains("in little-program"))
    }

    @Test func `a stray write is told by its signal and the function that ran`() async throws {
        #expect(try await crash("little.stray").contains("ended: signal 11 (SIGSEGV) while it ran little.stray"))
    }

    @Test(arguments: [0, 50])
    func `a function that ends the process is told by its status and what it said, read already or not`(
        pause: Int64
    ) async throws {
        let told = try await crash("little.leave", [3, .int(pause)])
        #expect(told.contains("ended: exit 3 while it ran little.leave"))
        #expect(told.hasSuffix("\nleaving"))
    }

    @Test(arguments: [
        (SIGKILL, "signal 9 (SIGKILL)"), (SIGABRT, "signal 6 (SIGABRT)"), (SIGTERM, "signal 15 (SIGTERM)"),
    ])
    func `a killed context is told by its signal`(signal: Int32, name: String) async throws {
        #expect(try await crash("little.die", [.int(Int64(signal))]).contains("ended: \(name)"))
    }

    @Test func `what a killed context wrote to its stderr before is told`() async throws {
        let heard = Heard()
        try await little(heard).tell { live in
            let name = uniqueName()
            let web = try await live.router.local(name: name)
            async let waiting = failure { try await web.call("little.mutter", ["last words"]) }
            // Its loop has read it when the root has heard of it.
            #expect(await Processes.eventually { heard.lines.contains { $0.contains("last words") } })
            #expect(ProcessSignal.kill(try #require(Processes.context(name)).pid))
            #expect(await waiting?.message.contains("signal 9 (SIGKILL); its last lines:\nlast words") == true)
        }
    }

    @Test func `who waits above a relay is told too, and so is the log`() async throws {
        let heard = Heard()
        try await little(heard).tell { live in
            let relay = try await live.router.local(name: "relay")
            let leaf = try await live.router.local(name: "leaf", via: relay)
            let error = await failure { try await leaf.call("little.leave", [4]) }
            #expect(error?.code == .channel)
            let what = "context \(leaf.id) (leaf) ended: exit 4 while it ran little.leave"
            #expect(error?.message.hasPrefix("the respondent Context has disconnected: \(what)") == true)
            #expect(await Processes.eventually { heard.lines.contains { $0.contains(what) } })
        }
    }

    @Test func `who waits for a context below one that crashed is told which one it was`() async throws {
        let heard = Heard()
        try await little(heard).tell { live in
            let name = uniqueName()
            let relay = try await live.router.local(name: name)
            let leaf = try await live.router.local(via: relay)
            async let waiting = failure { try await leaf.call("little.mutter", ["I wait"]) }
            #expect(await Processes.eventually { heard.lines.contains { $0.contains("I wait") } })
            #expect(ProcessSignal.kill(try #require(Processes.context(name)).pid))
            let message = await waiting?.message ?? ""
            #expect(message.contains("context \(relay.id) (\(name)) ended: signal 9"), "\(message)")
        }
    }

    @Test func `a context that ends by itself and finds nothing wrong is a warning`() async throws {
        let heard = Heard()
        try await little(heard).tell { live in
            let web = try await live.router.local(name: "web")
            _ = await failure { try await web.call("little.leave", [0]) }
            #expect(await Processes.eventually { heard.levels(of: "ended: exit 0") == [30] })
            let db = try await live.router.local(name: "db")
            _ = await failure { try await db.call("little.leave", [3]) }
            #expect(await Processes.eventually { heard.levels(of: "ended: exit 3") == [40] })
        }
    }

    @Test func `an orderly end is no news`() async throws {
        let heard = Heard()
        try await little(heard).tell { live in
            let web = try await live.router.local(name: "web")
            async let waiting = failure { try await web.call("hang") }
            try await web.shutdown()
            _ = await waiting
        }
        #expect(!heard.lines.contains { $0.contains("ended") })
    }

    @Test func `a program that does not become a context is told by its stderr and its status`() async throws {
        let live = try Live(image: "/bin/ls")
        try await live.tell { live in
            let error = await failure { _ = try await live.router.local(name: "web") }
            #expect(error?.message.hasPrefix("EOF on stream; last 100 lines received:\n") == true)
            #expect(
                error?.message.contains("invalid option") == true || error?.message.contains("cannot access") == true)
            #expect(error?.message.hasSuffix("\nexit 2") == true)
        }
    }

    /// What the caller of a function that ends its context is told.
    private func crash(_ function: String, _ arguments: [Value] = []) async throws -> String {
        let told = Mutex("")
        try await little(Heard()).tell { live in
            let web = try await live.router.local(name: "web")
            let error = await failure { try await web.call(function, arguments) }
            #expect(error?.code == .channel)
            told.withLock { $0 = error?.message ?? "" }
        }
        return told.withLock { $0 }
    }

    private func little(_ heard: Heard) throws -> Live {
        try Live(image: Live.littleProgram, functions: [], onDeed: heard.listen)
    }
}

/// The records that reach a root's log.
final class Heard: Sendable {
    private let records = Mutex<[LogRecord]>([])

    var lines: [String] { records.withLock { $0.map(\.message) } }

    func levels(of text: String) -> [Int] {
        records.withLock { $0.filter { $0.message.contains(text) }.map(\.level) }
    }

    @Sendable func listen(to deed: Agent.Deed) {
        guard case .order(let output) = deed, case .log(let record, _) = output.order else { return }
        records.withLock { $0.append(record) }
    }
}
