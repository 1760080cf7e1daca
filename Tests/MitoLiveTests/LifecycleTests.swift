import TestSupport
import Glibc
import MitoCore
import MitoLinux
import MitoLive
import Mitoscope
import Testing

@Suite(.timeLimit(.minutes(2))) struct LifecycleTests {
    @Test func `a frozen child is cut off when the grace of the root's end is over`() async throws {
        let name = uniqueName()
        let live = try Live { $0.shutdownGrace = .milliseconds(50) }
        _ = try await live.router.local(name: name)
        #expect(ProcessSignal.freeze(try #require(Processes.context(name)).pid))
        try await live.router.shutdown()
        #expect(Processes.context(name) == nil)
    }

    @Test func `a frozen child that is asked to end alone is cut off too`() async throws {
        let name = uniqueName()
        try await Live { $0.shutdownGrace = .milliseconds(50) }.tell { live in
            let web = try await live.router.local(name: name)
            let other = try await live.router.local()
            #expect(ProcessSignal.freeze(try #require(Processes.context(name)).pid))
            try await web.shutdown()
            #expect(await Processes.eventually { Processes.context(name) == nil })
            #expect(try await other.call("echo", [1]) == 1)
        }
    }

    @Test func `a frozen context deep below is cut off by its parent, and all that waited is told`() async throws {
        let name = uniqueName()
        try await Live.tree { live in
            let relay = try await live.router.local(name: name, grace: .milliseconds(50))
            let leaf = try await live.router.local(name: name + "-leaf", via: relay)
            #expect(ProcessSignal.freeze(try #require(Processes.context(name + "-leaf")).pid))
            try await relay.shutdown()
            #expect(await Processes.eventually { Processes.mentioning(name) == [] })
            #expect(await failure { try await leaf.call("echo") }?.code == .channel)
        }
    }

    @Test func `a function that never returns holds up neither its broker nor its end`() async throws {
        let name = uniqueName()
        try await little().tell { live in
            let relay = try await live.router.local(name: name)
            let leaf = try await live.router.local(name: name + "-leaf", via: relay)
            async let stuck = failure { try await relay.call("little.stuck") }
            #expect(try await leaf.call("echo", [1]) == 1)
            try await relay.shutdown()
            #expect(await stuck?.code == .channel)
            #expect(await Processes.eventually { Processes.mentioning(name) == [] })
        }
    }

    @Test(arguments: [false, true])
    func `a process that takes its time to exit in good order is not cut short`(isProfiled: Bool) async throws {
        let folder = try TemporaryFolder()
        try await little().tell { live in
            let web = try await live.router.local(profiling: isProfiled)
            try await web.call("little.linger", [.text(Text(folder.path + "/last"))])
        }
        #expect(access(folder.path + "/last", F_OK) == 0)
    }

    @Test func `code in a context can use its main actor, again and again`() async throws {
        try await little().tell { live in
            let web = try await live.router.local()
            for visit in Int64(1)...3 { #expect(try await web.call("little.visit") == .int(visit)) }
        }
    }

    @Test func `an inline function that takes long is named in the log`() async throws {
        let heard = Heard()
        try await little(heard).tell { live in
            let web = try await live.router.local()
            var isNamed = false
            // Of slow turns, and a busy machine may have had one already, only one in ten seconds is told.
            for _ in 0..<30 where !isNamed {
                _ = try await web.call("little.dawdle")
                isNamed = await Processes.eventually(within: .seconds(1)) {
                    heard.lines.contains { $0.contains("the inline function little.dawdle") }
                }
            }
            #expect(isNamed)
        }
    }

    @Test func `two hundred contexts live at once`() async throws {
        let name = uniqueName()
        try await Live.tree { live in
            let sum = try await withThrowingTaskGroup { group in
                for number in Int64(0)..<200 {
                    group.addTask {
                        let context = try await live.router.local(name: "\(name)-\(number)")
                        return try await context.call("echo", [.int(number)])
                    }
                }
                var sum: Int64 = 0
                for try await case .int(let number) in group { sum += number }
                return sum
            }
            #expect(sum == 199 * 200 / 2)
            #expect(Processes.mentioning(name).count == 200)
        }
        #expect(Processes.mentioning(name) == [])
    }

    @Test func `the limit of descriptors is raised as far as it may be, then named`() async {
        await #expect(processExitsWith: .success) {
            let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
            var limit = rlimit(rlim_cur: 40, rlim_max: 80)
            #expect(setrlimit(resource, &limit) == 0)
            let live = try Live()
            var contexts = 0
            var error: MitoscopeError?
            while contexts < 40, error == nil {
                error = await failure { _ = try await live.router.local() }
                contexts += 1
            }
            #expect(getrlimit(resource, &limit) == 0 && limit.rlim_cur == 80)
            #expect(contexts > 12)
            #expect(error?.message.contains("[Errno 24] Too many open files (no more than 80 are allowed)") == true)
            // What is up goes on as if nothing had been.
            try await live.router.shutdown()
        }
    }

    private func little(_ heard: Heard = Heard()) throws -> Live {
        try Live(image: Live.littleProgram, functions: [], onDeed: heard.listen)
    }
}
