import Glibc
import MitoSimulator

/// What the command line asks for.
struct Options {
    var seed: UInt64 = 1
    var trees = 2_000
    var first = 0
    /// Only these contexts, deeds and faults of each tree; nil = all.
    var members: [Int]?
    var deeds: [Int]?
    var faults: [Int]?
    /// Where the trace of the last tree goes.
    var trace: String?

    init(_ arguments: ArraySlice<String>) {
        var rest = arguments
        while let name = rest.popFirst() {
            guard let word = rest.popFirst() else { Self.explain() }
            switch name {
            case "--seed": seed = UInt64(Self.number(word))
            case "--trees": trees = Self.number(word)
            case "--first": first = Self.number(word)
            case "--members": members = Self.numbers(word)
            case "--deeds": deeds = Self.numbers(word)
            case "--faults": faults = Self.numbers(word)
            case "--trace": trace = word
            default: Self.explain()
            }
        }
    }

    /// The plan of one tree, or what is left of it.
    func plan(of tree: Int) -> SoakPlan {
        let plan = SoakPlan(seed: seed, tree: tree)
        var kept = plan.everything
        if let members { kept.members = members }
        if let deeds { kept.deeds = deeds }
        if let faults { kept.faults = faults }
        return plan.keeping(kept)
    }

    /// The command that runs a plan again.
    static func command(for plan: SoakPlan) -> String {
        let kept = plan.everything
        let whole = SoakPlan(seed: plan.seed, tree: plan.tree).everything
        var parts = ["mito-soak --seed \(plan.seed) --first \(plan.tree) --trees 1"]
        if kept.members != whole.members { parts.append("--members \(words(kept.members))") }
        if kept.deeds != whole.deeds { parts.append("--deeds \(words(kept.deeds))") }
        if kept.faults != whole.faults { parts.append("--faults \(words(kept.faults))") }
        return parts.joined(separator: " ")

        func words(_ numbers: [Int]) -> String {
            numbers.isEmpty ? "none" : numbers.map { "\($0)" }.joined(separator: ",")
        }
    }

    private static func number(_ word: String) -> Int {
        guard let number = Int(word), number >= 0 else { explain() }
        return number
    }

    private static func numbers(_ word: String) -> [Int] {
        word == "none" ? [] : word.split(separator: ",").map { number(String($0)) }
    }

    private static func explain() -> Never {
        fail(
            "usage: mito-soak [--seed N] [--trees N] [--first N] [--members N,N…] [--deeds N,N…|none]"
                + " [--faults N,N…|none] [--trace FILE]", status: 64)
    }
}

/// Ends the program with a word on standard error.
func fail(_ why: String, status: Int32 = 1) -> Never {
    let line = Array((why + "\n").utf8)
    _ = write(STDERR_FILENO, line, line.count)
    exit(status)
}
