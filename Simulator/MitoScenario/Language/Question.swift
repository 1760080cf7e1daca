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

    static func read(_ item: Item, _ sheet: ErrorSheet) -> Question? {
        let known = ["question", "choices", "answer", "because"]
        guard let fields = Fields(item, of: "a question", known: known, sheet) else { return nil }
        let text = fields.require("question", example: "Who is told?").flatMap { sheet.text($0, "question") }
        let choices = fields.require("choices", example: "[yes, no]").flatMap { readChoices($0, sheet) }
        let answer = fields.require("answer", example: "yes").flatMap { sheet.text($0, "answer") }
        let because = fields.require("because", example: "Everybody is told.").flatMap { sheet.text($0, "because") }
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
