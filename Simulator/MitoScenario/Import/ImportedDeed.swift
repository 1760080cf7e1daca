import MitoCore
import MitoReport
import MitoTrace

/// Something that was done to a context, or to the link above it, by the story's word for it.
struct ImportedDeed {
    var word: String
    var subject: ContextID
    var options: [(String, FlowItem)] = []
}

extension ImportedDeed {
    /// Nil when the record shows none. `ending` has the contexts that were killed or asked to end before.
    init?(_ record: TraceRecord, in recording: Recording, ending: Set<ContextID>) {
        let event = record.event
        switch event.kind {
        case .command where event.step == 0:
            guard let (word, options) = Self.words(ofMark: event.text) else { return nil }
            self.init(word: word, subject: event.subject, options: options)
        case .command where event.text == DetachWord.word:
            self.init(word: DetachWord.word, subject: record.context)
        case .command:
            let parts = event.text.split(separator: " ")
            guard parts.count == 2, parts[0] == "shutdown", let number = UInt32(parts[1]) else { return nil }
            self.init(word: ShutdownWord.word, subject: ContextID(number))
        case .linkDown where event.link != record.context && event.link != .master:
            // A process that ended without having been asked to has crashed.
            let tree = recording.trace.tree
            let isAsked = tree.ancestors(of: event.link).contains(where: ending.contains)
            guard !isAsked, recording.crashed.contains(event.link) else { return nil }
            self.init(word: KillWord.word, subject: event.link)
        default: return nil
        }
    }

    /// What a runner notes before it does something: the word, and a way where only one is meant. What else it notes
    /// its contexts tell too, or is chance that was drawn.
    private static func words(ofMark text: String) -> (String, [(String, FlowItem)])? {
        let parts = text.split(separator: " ").map(String.init)
        guard let first = parts.first, parts.count <= 2 else { return nil }
        switch first {
        case KillWord.word, FreezeWord.word, ThawWord.word, MendWord.word: return (first, [])
        case CutWord.word, HoldWord.word, ReleaseWord.word:
            return (first, parts.count == 2 ? [("way", .word(parts[1]))] : [])
        // The fresh process is found as it comes up.
        case RestartWord.word: return (KillWord.word, [])
        case "reset": return (CutWord.word, [("how", .word("reset"))])
        default: return nil
        }
    }
}
