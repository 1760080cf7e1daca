import Foundation
import MitoCore
import Testing

@testable import MitoScenario

/// What looks for leftovers finds them when they are there.
struct DetectorTests {
    @Test func `a process that outlives its tree is named and ended`() throws {
        let trace = "/tmp/no-such-trace-\(UUID())"
        let process = Process()
        process.executableURL = URL(filePath: "/bin/bash")
        process.arguments = ["-c", "exec -a mitogen:straggler sleep 600"]
        process.environment = ["MITOSCOPE_TRACE": trace]
        try process.run()
        while ProcessTable.process(of: "straggler", inTree: trace) == nil, process.isRunning { usleep(1_000) }
        #expect(ProcessTable.contexts(ofTree: trace) == ["straggler"])
        let left = ProcessTable.whatIsLeft(ofTree: trace, after: .milliseconds(20))
        #expect(left == ["process \(process.processIdentifier) of mitogen:straggler"])
        process.waitUntilExit()
        #expect(ProcessTable.whatIsLeft(ofTree: trace, after: .zero).isEmpty)
    }

    @Test func `a process of another tree is let alone`() {
        #expect(ProcessTable.contexts(ofTree: "/tmp/no-such-trace-\(UUID())").isEmpty)
    }

    @Test func `an open descriptor is seen`() throws {
        let pipe = Pipe()
        #expect(ProcessTable.openDescriptors.contains(pipe.fileHandleForReading.fileDescriptor))
        try pipe.fileHandleForReading.close()
    }

    @Test func `leftovers of the world make a run unclean`() throws {
        let scenario = try Fixtures.scenario(story: "[ { kill: db } ]", expect: "[ { clean: all } ]")
        var run = SimWorld.run(scenario, seed: 1)
        #expect(Verdict(of: scenario, in: run).outcome == .passed)
        run.leftovers = ["process 1 of mitogen:web"]
        #expect(Verdict(of: scenario, in: run).misses.map(\.seen) == ["left over: process 1 of mitogen:web"])
    }

    @Test func `an endless exchange at one instant is no quiet end`() throws {
        let scenario = try Fixtures.scenario(story: "[ { call: db.echo } ]")
        let run = Run(world: .sim, seed: 1, records: [], ending: .livelocked)
        #expect(Verdict(of: scenario, in: run).exitStatus == 3)
    }
}
