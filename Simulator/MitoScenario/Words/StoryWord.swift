public import MitoCore

/// One thing that a story can do: how it is written, and what it does on a stage. One file for each word.
public protocol StoryWord: Sendable {
    /// The first key of the entry.
    static var word: String { get }
    /// The keys that may follow, besides `as` and the time.
    static var options: [String] { get }
    /// How the story's line reads to a person: `kill db`.
    var sentence: String { get }
    /// Does it start a call, which tells the trace itself when it starts and ends?
    var isCall: Bool { get }

    /// Does it. What comes of it is seen in the trace.
    func perform(on stage: borrowing some Stage, as name: String) throws(CannotPerform)
}

/// How a word is read from a file.
protocol ReadableWord: StoryWord {
    /// `subject` is the value of the first key. Notes what is wrong and gives nil.
    static func read(_ subject: Item, _ fields: Fields, _ glossary: Glossary) -> Self?
}

extension StoryWord {
    public var isCall: Bool { false }
}

/// Every word there is, in the order in which messages list them.
let storyWords: [any ReadableWord.Type] = [
    CallWord.self, StreamWord.self, ConnectWord.self, KillWord.self, ShutdownWord.self,
]

/// What a world can be made to do by a story. What is no call leaves a mark with its name in the trace.
public protocol Stage {
    /// The context of this name; nil while it has not come up.
    func id(of context: String) -> ContextID?
    /// Starts a call in context `caller`; false when that has ended.
    func call(_ request: CallRequest, from caller: ContextID) -> Bool
    /// Opens a receiver in master and starts a call with its sender as the last argument. The receiver is closed when
    /// the sender is.
    func stream(_ request: CallRequest)
    /// Ends a context without a word, as a crash does; false when it has ended.
    func kill(_ context: String, _ id: ContextID, as name: String) -> Bool
    /// Asks a context to end in order.
    func shutdown(_ context: ContextID, as name: String)
    /// Starts a context that is not there yet.
    func connect(_ plan: ContextPlan, as name: String)
}

/// A line of a story cannot be done, because of what became of the contexts that it names.
public struct CannotPerform: Error, Hashable, Sendable {
    /// For people: `db is not up, so it cannot be killed`.
    public var why: String

    init(_ why: String) { self.why = why }
}

extension Stage {
    /// The context of this name, which must be up, or else `consequence`.
    func id(of context: String, or consequence: String) throws(CannotPerform) -> ContextID {
        guard let id = id(of: context) else { throw CannotPerform("\(context) is not up, so \(consequence)") }
        return id
    }
}
