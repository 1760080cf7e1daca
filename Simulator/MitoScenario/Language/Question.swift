/// What a reader is asked before a story is told: what will happen, and why.
///
/// ```yaml
/// ask:
///   question: Which way does the call go?
///   choices: [through master, straight to db]
///   answer: through master
///   because: Contexts know the way to what is below them, and send everything else up.
/// ```
public struct Question: Hashable, Sendable {
    public var text: String
    public var choices: [String]
    /// The place of the right choice in `choices`.
    public var answer: Int
    /// Why it is the right one.
    public var because: String
}

extension Question {
    /// More choices are no guess any more.
    static let choicesMax = 6

    static let keys = [
        Key("question", .text, "What is asked.", isRequired: true, example: "Who is told?"),
        Key("choices", .list(.text), "What it may be.", isRequired: true, example: "[everybody, nobody]"),
        Key("answer", .text, "The one of them that is right.", isRequired: true, example: "everybody"),
        Key("because", .text, "Why it is.", isRequired: true, example: "Whoever asked is told."),
    ]

    static func read(_ item: Item, _ sheet: ErrorSheet) -> Question? {
        guard let fields = Fields(item, of: "a question", known: keys, sheet) else { return nil }
        let text = fields.require("question").flatMap { sheet.text($0, "question") }
        let choices = fields.require("choices").flatMap { readChoices($0, sheet) }
        let answer = fields.require("answer").flatMap { sheet.text($0, "answer") }
        let because = fields.require("because").flatMap { sheet.text($0, "because") }
        guard let text, let choices, let answer, let because else { return nil }
        guard let place = choices.firstIndex(of: answer) else {
            sheet.noteUnknown("answer", answer, at: fields.position(of: "answer"), known: choices)
            return nil
        }
        return Question(text: text, choices: choices, answer: place, because: because)
    }

    private static func readChoices(_ item: Item, _ sheet: ErrorSheet) -> [String]? {
        guard let choices = sheet.list(item, "choices", { sheet.text($0, "a choice") }) else { return nil }
        guard Set(choices).count == choices.count, (2...choicesMax).contains(choices.count) else {
            sheet.note(item.position, "no choice", hint: "from 2 to \(choicesMax) of them, all different")
            return nil
        }
        return choices
    }
}
