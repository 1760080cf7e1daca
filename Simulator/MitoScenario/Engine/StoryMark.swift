public import MitoCore
import MitoReport
import MitoTrace

/// What the runner writes into the trace itself: that the story begins and ends, and what it does to contexts. So a
/// trace says everything that a judge or a reader needs.
public enum StoryMark {
    /// All contexts are up; the story's clock starts.
    public static let begin = "story.begin"
    /// The story is told and all has come to rest; what follows is the tree being shut down.
    public static let end = "story.end"

    /// `word` says what is done to `subject`; `name` is what the story calls it.
    public static func event(_ word: String, named name: String, on subject: ContextID, at now: Instant) -> Event {
        var event = Event(.command)
        event.at = now
        event.subject = subject
        event.text = word
        event.tag = name
        return event
    }

    /// The world saw that a context is gone which did not say so itself.
    static func vanished(_ context: ContextID, at now: Instant) -> Event {
        var event = Event(.contextDown)
        event.at = now
        event.subject = context
        event.reason = .parentLost
        event.text = "the process is gone"
        return event
    }
}

extension TraceRecord {
    /// Is this a mark with this name?
    func isMark(_ name: String) -> Bool { event.kind == .command && event.tag == name }

    /// Does a context say here that it has left its parent?
    var isDetachment: Bool {
        event.isDetachment(of: context)
    }

    /// Is it the mark of something done to a context? What a program asks of its own node has a step, marks have none.
    func isMark(of word: String, on context: ContextID) -> Bool {
        event.kind == .command && event.step == 0 && event.text == word && event.subject == context
    }
}
