import MitoCore
import MitoLinks

/// This host: contexts are started where their parents are, and shape their links themselves.
final class HostGrounds: Grounds {
    let world = WorldKind.live
    let tail: TraceTail
    private let scenario: Scenario
    private let seed: UInt64

    init(_ scenario: Scenario, seed: UInt64, _ tail: TraceTail) {
        (self.scenario, self.seed, self.tail) = (scenario, seed, tail)
    }

    /// What a link is made of; nothing where nothing is ever done to it that its ends would have to know of.
    func options(for context: String, below parent: String) -> [Value.Pair] {
        let model = scenario.links[context]
        let isSet = scenario.story.contains { ($0.word as? SetLinkWord)?.link == context }
        if model.isInstant, !isSet { return [] }
        return [Value.Pair(.text(LinkOption.key), LinkOption(model, seed: seed).value)]
    }

    let hasLinks = false
    func perform(_ order: LinkOrder, onLinkOf context: String) {}
    func mendLinks() {}

    func end() -> [String] { [] }
}
