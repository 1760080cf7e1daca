import MitoCore
import MitoTrace

/// What a context had done for its program, and its driver never told it.
struct Untold: Hashable {
    /// The record that shows the program waiting, or how much it was shown.
    var asked: Int
    /// The record after which it should have been told.
    var due: Int
    var word: ProgramWait.Word
    /// What was to be told, in words: `the answer to master's call of db.echo`.
    var what: String
    /// How one sees that it was not.
    var seen: String
    /// Whom the program waits for, as an explanation has it.
    var function = ""
    var on = ""

    /// Does the program wait because of it? Else it only misses something.
    var isWaitedFor: Bool { word != .receiver && word != .losses }
}

extension Trace {
    /// All that programs should have been told, in the order in which they were asked what they wait for.
    var untold: [Untold] {
        var connects: [ConnectName: Int] = [:]
        return positions(of: .programWaits).compactMap { position in
            guard let word = ProgramWait.Word(of: records[position].event) else { return nil }
            switch word {
            case .call: return untoldAnswer(position)
            case .connect: return untoldConnect(position, after: &connects)
            case .farewell, .answer: return untoldWord(position, word)
            case .detachment: return untoldDetachment(position)
            case .exit: return untoldExit(position)
            case .ownBusiness: return nil
            case .receiver: return unshownMessage(position)
            case .losses: return untoldLoss(position)
            }
        }.unique
    }

    /// Where programs wait for nothing that they asked their context for.
    var ownWaits: [Int] {
        positions(of: .programWaits).filter { ProgramWait.Word(of: records[$0].event) == .ownBusiness }
    }

    // MARK: Commands

    private func untoldAnswer(_ position: Int) -> Untold? {
        let record = records[position]
        guard let call = call(from: record.context, at: record.event.handle), let ended = seen(call.ended),
            ended < position
        else { return nil }
        let callee = name(call.callee)
        let how = call.reason == .none ? "a value" : call.reason.word
        return Untold(
            asked: position, due: ended, word: .call,
            what: "the answer to \(name(record.context))'s call of \(callee).\(call.function)",
            seen: "ended the call \(moment(ended)) (\(how))", function: call.function, on: callee)
    }

    /// Commands that are alike cannot be told apart: of those that have ended the latest were not told.
    private struct ConnectName: Hashable {
        var context: ContextID
        var text: String
        var tag: String
    }

    private func untoldConnect(_ position: Int, after counts: inout [ConnectName: Int]) -> Untold? {
        let record = records[position]
        let words = String(record.event.text.dropFirst(ProgramWait.Word.connect.rawValue.count + 1))
        let name = ConnectName(context: record.context, text: words, tag: record.event.tag)
        let begun = positions(of: .connectStarted).filter {
            $0 < position && records[$0].context == name.context && records[$0].event.text == name.text
                && records[$0].event.tag == name.tag
        }
        let isOpen: (Int) -> Bool = { index.connectEnds[$0].flatMap(seen).map { $0 > position } ?? true }
        counts[name, default: 0] += 1
        let missing = (counts[name] ?? 0) - begun.filter(isOpen).count
        let ended = begun.filter { !isOpen($0) }
        guard missing > 0, missing <= ended.count, let due = index.connectEnds[ended[ended.count - missing]]
        else { return nil }
        return Untold(
            asked: position, due: due, word: .connect,
            what: "the end of \(self.name(record.context))'s connect command (\(words))",
            seen: "ended it \(moment(due))",
            on: words.split(separator: " ").dropFirst().last.map(String.init) ?? "a context")
    }

    /// The handle has gone at which something was to be told.
    private func untoldWord(_ position: Int, _ word: ProgramWait.Word) -> Untold? {
        let record = records[position]
        let removed = positions(of: .handleRemoved).first {
            $0 < position && records[$0].context == record.context
                && records[$0].event.handle == record.event.handle
        }
        guard let removed else { return nil }
        let other = name(record.event.subject)
        return Untold(
            asked: position, due: removed, word: word,
            what: word == .farewell ? "the word that \(other) has ended" : "the answer of \(other) to a question",
            seen: "had it \(moment(removed))", on: other)
    }

    private func untoldDetachment(_ position: Int) -> Untold? {
        let context = records[position].context
        let left = positions(of: .linkDown).first {
            $0 < position && records[$0].context == context && records[$0].event.link == context
                && records[$0].event.reason == .askedTo
        }
        guard let left else { return nil }
        return Untold(
            asked: position, due: left, word: .detachment,
            what: "the word that \(name(context)) has left its parent", seen: "left it \(moment(left))",
            on: name(context))
    }

    private func untoldExit(_ position: Int) -> Untold? {
        let context = records[position].context
        let down = positions(of: .contextDown).first { $0 < position && records[$0].context == context }
        guard let down else { return nil }
        return Untold(
            asked: position, due: down, word: .exit, what: "the end of \(name(context))",
            seen: "came to it \(moment(down))", on: name(context))
    }

    // MARK: What programs listen to

    private func unshownMessage(_ position: Int) -> Untold? {
        let record = records[position]
        let handle = record.event.handle
        let came = (0..<position).filter {
            records[$0].event.kind == .delivered && records[$0].context == record.context
                && records[$0].event.handle == handle
        }
        guard let last = came.last, came.count > record.event.ordinal else { return nil }
        let here = name(record.context)
        return Untold(
            asked: position, due: last, word: .receiver,
            what: "a message for the receiver at handle \(handle) of \(here)",
            seen: "delivered \(came.count) there, the last \(moment(last)); \(record.event.ordinal) were shown")
    }

    private func untoldLoss(_ position: Int) -> Untold? {
        let record = records[position]
        let lost = positions(of: .contextLost).filter { $0 < position && records[$0].context == record.context }
        guard let last = lost.last, lost.count > record.event.ordinal else { return nil }
        let names = lost.map { name(records[$0].event.subject) }
        let who = names.count == 1 ? "\(names[0]) is" : "one of \(names.joined(separator: ", ")) is"
        return Untold(
            asked: position, due: last, word: .losses,
            what: "the news for \(name(record.context))'s program that \(who) gone",
            seen: "saw \(lost.count) losses; \(record.event.ordinal) were told")
    }
}

extension [Untold] {
    /// Each once, where the same was asked several times.
    fileprivate var unique: [Untold] {
        var seen: Set<Place> = []
        return filter { seen.insert(Place(due: $0.due, word: $0.word)).inserted }
    }

    private struct Place: Hashable {
        var due: Int
        var word: ProgramWait.Word
    }
}
