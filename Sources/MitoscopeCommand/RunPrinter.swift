import Foundation
import MitoCore
import MitoReport
import MitoScenario
import MitoTrace

/// Tells people, or programs, what came of runs.
struct RunPrinter {
    enum Style {
        /// The whole story, then the verdict.
        case story
        /// The verdict alone.
        case line
        case hash
        case json
    }

    let terminal: Terminal
    /// What the user said of links.
    let links: [String]
    let style: Style

    func print(_ result: Runner.Result) {
        switch style {
        case .json:
            let replay = replayCommand(result)
            terminal.say(JSONLine(of: RunReport(result, hash: hex(result.run.hash), replay: replay)).text)
        case .hash where result.status == .passed: terminal.say("\(hex(result.run.hash))  \(result.scenario.file)")
        case .hash, .line: printVerdict(result)
        case .story:
            // The command that replays a failure comes first; the story follows.
            if result.status != .passed { terminal.say(replayCommand(result)) }
            printStory(result)
            printVerdict(result, isReplayTold: true)
        }
    }

    /// What many runs came to, for people.
    func print(_ summary: RunSummary) {
        guard style == .line || style == .story else { return }
        for line in summary.lines { terminal.say(line) }
    }

    private func printStory(_ result: Runner.Result) {
        terminal.tell(result.scenario.title)
        terminal.say("")
        let (records, links) = (result.run.records, result.scenario.links)
        for line in Telling.transcript(of: records, times: true, links: links) { terminal.tell(line) }
        terminal.say("")
    }

    private func printVerdict(_ result: Runner.Result, isReplayTold: Bool = false) {
        if result.status != .passed, !isReplayTold { terminal.say(replayCommand(result)) }
        if let explanation = result.verdict.explanation, result.status != .passed || style == .story {
            for line in explanation.text.split(separator: "\n", omittingEmptySubsequences: false) {
                terminal.tell(String(line))
            }
            terminal.say("")
        }
        terminal.say(
            "\(painted(result.status))  \(result.scenario.file)  \(terminal.painted(facts(of: result), .faint))")
        if !result.verdict.ending.isEmpty, result.status != .interrupted { terminal.tell("  \(result.verdict.ending)") }
        if style == .story, result.status == .passed, let explanation = result.verdict.explanation {
            let what = explanation.verdict == .leaked ? "leak" : "hang"
            terminal.say("  the \(what) is what this scenario expects")
        }
        if let other = result.differingHash {
            terminal.say("  one seed, two runs: hash \(hex(result.run.hash)) and \(hex(other))")
        }
        for miss in result.verdict.misses where result.status.isAboutExpectations {
            let place = "\(result.scenario.file):\(miss.position.line):\(miss.position.column)"
            terminal.tell("  \(place): expected: \(miss.expected)")
            terminal.tell("    but \(miss.seen)\(miss.isOnlyLate ? " (only the time is wrong)" : "")")
        }
        if style == .story, result.status == .passed, !result.scenario.teaches.isEmpty {
            terminal.say("")
            terminal.sayFolded(result.scenario.teaches)
        }
    }

    private func painted(_ status: ExitStatus) -> String {
        switch status {
        case .passed: terminal.painted(status.word, .green)
        case .inconclusive, .environmentMissing, .interrupted: terminal.painted(status.word, .yellow)
        case .failed, .hang, .nondeterministic, .crashed, .usage, .badScenario: terminal.painted(status.word, .red)
        }
    }

    /// `sim, seed 1, 24 messages, 41ms`.
    private func facts(of result: Runner.Result) -> String {
        let run = result.run
        let messages = run.records.count { $0.event.kind == .frameOut }
        let seed = run.world == .sim ? ", seed \(run.seed)" : ""
        let many = result.tally.runs > 1 ? "; of \(result.tally.runs) runs: \(result.tally.text)" : ""
        return "\(run.world.rawValue)\(seed), \(messages) messages, \(milliseconds(of: run)) ms\(many)"
    }

    /// From the story's beginning to its end.
    private func milliseconds(of run: Run) -> Int64 {
        let last = Telling.story(in: run.records).last?.event.at ?? .start
        return max(0, last.nanoseconds) / 1_000_000
    }

    /// What shows the same again.
    func replayCommand(_ result: Runner.Result) -> String {
        let times = result.differingHash == nil ? "" : " --times 2"
        let seed = result.run.world == .sim ? " --seed \(result.run.seed)" : ""
        let links = links.map { " --link \(quoted($0))" }.joined()
        let file = quoted(result.scenario.file)
        return "mitoscope run \(file) --world \(result.run.world.rawValue)\(seed)\(links)\(times)"
    }

    /// As a shell takes it for one word.
    private func quoted(_ path: String) -> String {
        let isPlain = path.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "/._-+=:,@%".contains($0)) }
        return isPlain ? path : "'" + path.replacingOccurrences(of: "'", with: "'\\''") + "'"
    }

    func hex(_ hash: UInt64) -> String { String(format: "%016llx", hash) }
}
