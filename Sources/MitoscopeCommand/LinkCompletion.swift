import MitoScenario

/// What a shell may offer after `--link`: the links of the scenarios that stand on the command line, and `all`.
enum LinkCompletion {
    /// `all:delay=`, `web:delay=` …, sorted; those of files that cannot be read are missing.
    static func offers(for words: [String]) -> [String] {
        let files = words.filter { $0.hasSuffix(".yaml") || $0.hasSuffix(".yml") }
        let scenarios = ScenarioFiles(files).read().scenarios
        let links = Set(scenarios.flatMap { $0.contexts.map(\.name) })
        return (["all"] + links.sorted()).map { "\($0):delay=" }
    }
}
