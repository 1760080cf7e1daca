import MitoCore
import MitoLinks

/// Where the contexts of real processes live: on this host, or on hosts of a lab. What differs between the worlds of
/// real processes is here; how a story is told in them is `LiveWorld`'s.
protocol Grounds: AnyObject {
    /// The world that this is.
    var world: WorldKind { get }
    /// What all contexts append to.
    var tail: TraceTail { get }
    /// What a connection must say beside what the story says of it.
    ///
    /// - Parameters:
    ///   - context: the one that is started.
    ///   - parent: the one that starts it.
    func options(for context: String, below parent: String) -> [Value.Pair]
    /// Are links its own? Else the contexts at their ends shape them.
    var hasLinks: Bool { get }
    /// Carries out an order for the link above a context. Only where links are its own.
    func perform(_ order: LinkOrder, onLinkOf context: String) throws(CannotPerform)
    /// Ends what was done to links, so that all hear that it is over. Only where links are its own.
    func mendLinks()
    /// Gives back what it took; returns what is left over, in words.
    func end() -> [String]
}

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
