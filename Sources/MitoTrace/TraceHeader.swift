/// The first line of a trace: what kind of trace it is and what it was made from.
///
///     {"mitoscope-trace":1,"world":"sim","seed":7,"title":"A waiting caller learns at once"}
///
/// The last line of a run that is over is `{"end":true}`. Without it the run went on, or the rest of the file is gone.
///
/// **Versions.** The number stands for everything that a reader must know: the keys of a line, what they mean, and the
/// words for kinds and reasons. A key may be added without a new number, since readers pass over keys that they do not
/// know; whatever else changes gets a new one. A reader takes traces of its own version and refuses newer ones with a
/// sentence that names both.
public struct TraceHeader: Hashable, Sendable {
    /// The version of the lines that this code writes, and the greatest that it reads.
    public static let currentVersion: UInt64 = 1

    public var version: UInt64 = TraceHeader.currentVersion
    /// `sim`, `live` or `lab`; empty when nobody said.
    public var world: String
    /// The seed of the run; nil where chance was not ours.
    public var seed: UInt64?
    /// The title of the scenario; nil when the run told no story.
    public var title: String?
    /// Why a flight recorder was emptied into this file: then it has only the latest events, with their texts cut. Nil
    /// for a trace that was written as things happened.
    public var flight: String?

    public init(world: String = "", seed: UInt64? = nil, title: String? = nil, flight: String? = nil) {
        self.world = world
        self.seed = seed
        self.title = title
        self.flight = flight
    }
}
