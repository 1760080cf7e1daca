import TestSupport
import MitoLinux
import Testing

@testable import MitoCore
@testable import MitoLaunch
@testable import MitoLive

/// The tool here is a script that stands in for a real one.
@Suite(.timeLimit(.minutes(1))) struct LeaderSearchTests {
    @Test func `a tool that takes too long is ended, and what it said is shown`() async throws {
        let folder = try TemporaryFolder()
        let name = uniqueName()
        let tool = try folder.script("lxc-info", "echo wait for it\nexec -a \(name) sleep 1000")
        let error = await outcome(of: tool, answerMax: .milliseconds(200)).failure
        #expect(error?.message == "\(tool) -n c1 did not end within 200ms: wait for it\n")
        #expect(Processes.mentioning(name) == [])
    }

    @Test func `what a tool leaves running is not waited for`() async throws {
        let folder = try TemporaryFolder()
        let tool = try folder.script("lxc-info", "sleep 3 & echo PID: \(Machine.processID)")
        let leader = try await outcome(of: tool, answerMax: .seconds(30)).get()
        #expect(leader.title == "container 'c1'")
        #expect(leader.handle.pid == Machine.processID)
        #expect(!leader.handle.isEnding)
    }

    @Test func `a tool that is ended by a signal is told of`() async throws {
        let folder = try TemporaryFolder()
        let tool = try folder.script("lxc-info", "kill -TERM $$")
        let error = await outcome(of: tool, answerMax: .seconds(30)).failure
        #expect(error?.message == "\(tool) -n c1 was ended by signal 15 (SIGTERM): ")
    }

    private func outcome(of tool: String, answerMax: Duration) async -> Result<Leader, StreamError> {
        do {
            let query = try LeaderQuery(kind: "lxc", container: "c1", tools: ["lxc_info_path": tool])
            let search = try LeaderSearch(query, answerMax: answerMax)
            try search.begin()
            let poller = PollPoller()
            try poller.add(search.number, token: 1, reads: true, writes: false)
            var news: [Readiness] = []
            let isOver = await Processes.eventually {
                try? poller.wait(milliseconds: 0, into: &news)
                return !news.isEmpty
            }
            #expect(isOver)
            return Result { () throws(StreamError) in try search.found() }
        } catch {
            Issue.record(error)
            return .failure(StreamError("no search"))
        }
    }
}

extension Result {
    fileprivate var failure: Failure? {
        if case .failure(let error) = self { error } else { nil }
    }
}
