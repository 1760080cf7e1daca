/// The first line of a trace: what kind of trace it is and what it was made from.
///
///     {"mitoscope-trace":1,"world":"sim","seed":7,"title":"A waiting caller learns at once"}
public struct TraceHeader: Hashable, Sendable {
    /// The version of the lines that this code writes, and the only one it reads.
    public static let currentVersion: UInt64 = 1

    public var version: UInt64 = TraceHeader.currentVersion
    /// `sim`, `live` or `lab`; empty when nobody said.
    public var world: String
    /// The seed of the run; nil where chance was not ours.
    public var seed: UInt64?
    /// The title of the scenario; nil when the run told no story.
    public var title: String?

    public init(world: String = "", seed: UInt64? = nil, title: String? = nil) {
        self.world = world
        self.seed = seed
        self.title = title
    }
}
