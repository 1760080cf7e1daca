import Foundation
import MitoLab
import TestSupport
import Testing

@testable import MitoScenario

/// The shipped files with each context on a host of its own, wherever this machine can have labs.
@Suite(.enabled(if: Kernel.hasLabs, "\(Kernel.labsReason)"), .timeLimit(.minutes(5)))
struct LabLessonTests {
    @Test(arguments: Labs.files)
    func `a shipped scenario for real processes passes in a lab`(file: String) throws {
        let scenario = try Shipped.scenario(file)
        let run = LabWorld.run(scenario, seed: 1, Labs.settings)
        let verdict = Verdict(of: scenario, in: run)
        #expect(verdict.outcome == .passed, "\(verdict.misses) \(verdict.ending) \(run.leftovers)")
        #expect(run.world == .lab && run.leftovers.isEmpty)
    }

    @Test func `of each link what crosses it is recorded`() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "mitoscope-pcap-\(UUID())")
        defer { try? FileManager.default.removeItem(at: folder) }
        var settings = Labs.settings
        settings.captures = folder.path
        let scenario = try Shipped.scenario("Lessons/06-killed-target.yaml")
        #expect(Verdict(of: scenario, in: LabWorld.run(scenario, seed: 1, settings)).outcome == .passed)
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(files.sorted() == ["bastion.pcap", "db.pcap", "rack.pcap", "web.pcap"])
        for file in files {
            let bytes = try Data(contentsOf: folder.appending(path: file))
            #expect(bytes.prefix(4) == Data([0x4D, 0x3C, 0xB2, 0xA1]) && bytes.count > 1000)
        }
    }

    @Test func `a run can be interrupted, and leaves nothing`() throws {
        let scenario = try Fixtures.scenario(story: "[ { call: db.hang, timeout: 1h } ]")
        var settings = Labs.settings
        settings.isInterrupted = { true }
        let run = LabWorld.run(scenario, seed: 1, settings)
        #expect(run.ending == .interrupted && run.leftovers.isEmpty)
    }

    @Test func `a program that is no context fails to start`() throws {
        let scenario = try Fixtures.scenario(story: "[ { call: db.echo } ]")
        var settings = Labs.settings
        settings.programs.agent = "/bin/false"
        #expect(Verdict(of: scenario, in: LabWorld.run(scenario, seed: 1, settings)).exitStatus == 5)
    }
}

/// What a lab is made of, and what becomes of a story where there is none.
struct LabWorldTests {
    @Test func `a missing program is said so`() throws {
        let scenario = try Fixtures.scenario(story: "[ { call: db.echo } ]")
        var settings = Labs.settings
        settings.programs.ns = "/nonexistent/mito-ns"
        let run = LabWorld.run(scenario, seed: 1, settings)
        #expect(Verdict(of: scenario, in: run).exitStatus == 69)
        guard case .environmentMissing(let why) = run.ending else { return #expect(Bool(false)) }
        #expect(why.contains("'/nonexistent/mito-ns'") && why.contains("MITOSCOPE_NS names it"))
    }

    @Test func `every context that a story names anywhere has a host, below its parent's`() throws {
        let scenario = try Fixtures.scenario(
            story: """
                [ { connect: late, via: web }, { call: web.spawn, args: [kid], as: birth },
                  { call: kid.echo, after: { birth: ended } } ]
                """)
        let plan = LabPlan(of: scenario, seed: 1)
        func parent(_ name: String) -> String? {
            plan.index(of: name).flatMap { plan.hosts[$0].parent }.map { plan.hosts[$0].name }
        }
        #expect(plan.hosts.first?.name == "master")
        #expect(parent("late") == "web" && parent("kid") == "web")
        #expect(plan.hosts.count == scenario.contexts.count + 3)
    }

    @Test func `what a network cannot do to a message is refused`() {
        #expect(throws: ScenarioErrors.self) {
            try Fixtures.scenario(
                "mitoscope: 1\ntitle: t\ncontexts: { web: {} }\nworlds: [lab]\nstory: [ { drop: { kind: call } } ]\n")
        }
    }
}

/// What the tests' labs are made with.
enum Labs {
    static let settings: LabWorld.Settings = {
        let environment = ProcessInfo.processInfo.environment
        let folder = Shipped.folder.deletingLastPathComponent().appending(path: ".build/release")
        func path(_ name: String, _ variable: String) -> String {
            environment[variable] ?? folder.appending(path: name).path
        }
        return LabWorld.Settings(
            programs: LabPrograms(
                ns: path("mito-ns", "MITOSCOPE_NS"), lab: path("mito-lab", "MITOSCOPE_LAB"), agent: Shipped.live.image))
    }()

    static let files = Shipped.files.filter { file in
        !file.hasPrefix("Hangs/") && (try? Shipped.scenario(file))?.worlds.contains(.lab) ?? false
    }
}
