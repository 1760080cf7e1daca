import MitoCore
import MitoScenario

/// A scenario before it is told: its tree, and what will be done when.
struct StoryOutline {
    let scenario: Scenario

    /// The contexts, each below its parent, with what its link is like and the functions that it alone has.
    var tree: [String] { ["master"] + branch(below: "master", depth: 1) }

    /// What will happen, line by line, under the names by which the lines speak of each other.
    var story: [String] {
        let width = scenario.story.map { label($0).count }.max() ?? 0
        return scenario.story.map { entry in
            let label = label(entry)
            let name = width == 0 ? "" : label + String(repeating: " ", count: width - label.count + 2)
            return name + when(entry.when) + entry.word.sentence
        }
    }

    private func branch(below parent: String, depth: Int) -> [String] {
        scenario.contexts.filter { $0.via == parent }.flatMap { plan in
            [String(repeating: "  ", count: depth) + plan.name + notes(on: plan)]
                + branch(below: plan.name, depth: depth + 1)
        }
    }

    private func notes(on plan: ContextPlan) -> String {
        let functions = plan.functions.map { function in
            "\(function.name): \(function.steps.map(words).joined(separator: ", "))"
        }
        let mode = plan.isUnidirectional == true ? ["unidirectional"] : []
        let link = scenario.links.note(on: plan.name)
        let notes = (link.isEmpty ? [] : [link]) + mode + functions
        return notes.isEmpty ? "" : "  (\(notes.joined(separator: "; ")))"
    }

    private func words(_ step: StepPlan) -> String {
        switch step {
        case .sleep(let duration): "sleeps \(duration)"
        case .block(let duration): "blocks \(duration)"
        case .give(let value): "returns \(value)"
        case .fail(let message): "fails: \(message)"
        case .hang: "hangs"
        case .call(let context, let function, _): "calls \(context).\(function)"
        }
    }

    /// The name of a line, unless it is one that no file gave.
    private func label(_ entry: StoryEntry) -> String { entry.name.contains(".") ? "" : entry.name }

    private func when(_ when: When) -> String {
        let isAtOnce = when.plus == .zero
        return switch when.trigger {
        case .entryBefore: isAtOnce ? "" : "\(when.plus) later: "
        case .at(let time): "at \(time + when.plus): "
        case .after(let awaited):
            "\(isAtOnce ? "when" : "\(when.plus) after") \(awaited.map(words).joined(separator: " and ")): "
        case .on(let pattern):
            "\(isAtOnce ? "at" : "\(when.plus) after") number \(pattern.nth) of \(pattern.sentence): "
        case .every(let interval, let until): "every \(interval) until \(until): "
        }
    }

    private func words(_ awaited: When.Awaited) -> String {
        "\(awaited.name) \(awaited.phase == .running ? "is under way" : "has ended")"
    }
}
