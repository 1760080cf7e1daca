/// One thing that a story can do: how it is written, and what it does on a stage. One file for each word.
public protocol StoryWord: Sendable {
    /// The first key of the entry.
    static var word: String { get }
    /// How the story's line reads to a person: `kill db`.
    var sentence: String { get }
    /// Does it start a call, which tells the trace itself when it starts and ends?
    var isCall: Bool { get }
    /// Why no world of real processes can do it, for people; nil when all can.
    var whySimulatedOnly: String? { get }
    /// Why no simulation can do it; nil when it can.
    var whyLiveOnly: String? { get }

    /// Does it. What comes of it is seen in the trace.
    func perform(on stage: borrowing some Stage, as name: String) throws(CannotPerform)
}

/// How a word is read from a file.
protocol ReadableWord: StoryWord {
    /// The first key, with what may stand behind it.
    static var subject: Key { get }
    /// The keys that may follow, besides `as` and the time.
    static var options: [Key] { get }
    /// `subject` is the value of the first key. Notes what is wrong and gives nil.
    static func read(_ subject: Item, _ fields: Fields, _ glossary: Glossary) -> Self?
}

extension StoryWord {
    public var isCall: Bool { false }
    public var whySimulatedOnly: String? { nil }
    public var whyLiveOnly: String? { nil }
}

extension StoryWord {
    /// Why this world cannot do it, for people; nil when it can.
    func whyNot(in world: WorldKind) -> String? {
        switch world {
        case .sim: whyLiveOnly
        case .live, .lab: whySimulatedOnly
        }
    }
}

/// Every word there is, in the order in which messages list them.
let storyWords: [any ReadableWord.Type] = [
    CallWord.self, StreamWord.self, SendWord.self, ReceiveWord.self, SelectWord.self, CancelWord.self, LogWord.self,
    CheckWord.self, ConnectWord.self, KillWord.self, ShutdownWord.self, DetachWord.self, CutWord.self, MendWord.self,
    HoldWord.self, ReleaseWord.self, SetLinkWord.self, FreezeWord.self, ThawWord.self, RestartWord.self, SkewWord.self,
    DelayWord.self, DropWord.self, DuplicateWord.self, CorruptWord.self, OvertakeWord.self, SpoofWord.self,
    ChaosWord.self,
]
