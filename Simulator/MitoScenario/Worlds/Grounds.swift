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
