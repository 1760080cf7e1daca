import MitoCore
import MitoReport
import MitoTrace

/// Something that was done to a context, or to the link above it, by the story's word for it.
struct ImportedDeed {
    var word: String
    var subject: ContextID
    var options: [(String, FlowItem)] = []

    /// Nil when the record shows none. `ending` has the contexts that were killed or asked to end before.
    init?(_ record: TraceRecord, in recording: Recording, ending: Set<ContextID>) {
        let event = record.event
        switch event.kind {
        case .command where event.step == 0:
            self.init(mark: event)
        case .command:
            let parts = event.text.split(separator: " ")
            guard parts.count == 2, parts[0] == "shutdown", let number = UInt32(parts[1]) else { return nil }
            (word, subject) = (ShutdownWord.word, ContextID(number))
        case .linkDown where event.link != record.context && event.link != .master:
            // A process that ended without having been asked to has crashed.
            let tree = recording.trace.tree
            let isAsked = tree.ancestors(of: event.link).contains(where: ending.contains)
            guard !isAsked, recording.crashed.contains(event.link) else { return nil }
            (word, subject) = (KillWord.word, event.link)
        default: return nil
        }
    }

    /// What a runner notes before it does something: the word, and a way where only one is meant. What else it notes
    /// its contexts tell too, or is chance that was drawn.
    private init?(mark: Event) {
        let parts = mark.text.split(separator: " ").map(String.init)
        guard let first = parts.first, parts.count <= 2 else { return nil }
        switch first {
        case KillWord.word, FreezeWord.word, ThawWord.word, MendWord.word: word = first
        case CutWord.word, HoldWord.word, ReleaseWord.word:
            word = first
            if parts.count == 2 { options = [("way", .word(parts[1]))] }
        // The fresh process is found as it comes up.
        case RestartWord.word: word = KillWord.word
        case "reset": (word, options) = (CutWord.word, [("how", .word("reset"))])
        default: return nil
        }
        subject = mark.subject
    }
}
