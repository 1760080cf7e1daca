import MitoLab
import MitoScenario

/// Can a story run in this world? The shortest one is told: a context is started, called, and ended.
struct WorldCheck: MachineCheck {
    var world: WorldKind

    var name: String { world.rawValue }
    var isRequired: Bool { world != .lab }

    func look() -> MachineFinding {
        do throws(ScenarioErrors) {
            return look(at: try Scenario(reading: Array(Self.story.utf8), file: "doctor"))
        } catch {
            preconditionFailure("the story that the doctor tells is wrong: \(error)")
        }
    }

    private func look(at story: Scenario) -> MachineFinding {
        let run: Run
        switch world {
        case .sim: run = SimWorld.run(story, seed: story.seed)
        case .live: run = LiveWorld.run(story, seed: story.seed, LiveWorld.Settings(image: ShippedProgram.agent.path))
        case .lab: run = LabWorld.run(story, seed: story.seed, LabWorld.Settings(programs: .shipped))
        }
        let verdict = Verdict(of: story, in: run)
        if verdict.outcome == .passed { return .yes(success) }
        let why = verdict.ending.isEmpty ? verdict.misses.first?.seen ?? verdict.outcome.rawValue : verdict.ending
        return .no(why, remedy: "the lines below say what lacks; if none does, this is a bug")
    }

    private var success: String {
        switch world {
        case .sim: "a call came back in virtual time"
        case .live: "a process was started, its call came back, and nothing is left of it"
        case .lab: "two hosts were made, a call went between them over TCP, and nothing is left of them"
        }
    }

    private static let story = """
        mitoscope: 1
        title: A call comes back
        contexts: { probe: {} }
        story: [ { call: probe.add, args: [2, 3], as: sum, timeout: 10s } ]
        expect: [ sum: { returns: 5 }, clean: all ]
        """
}
