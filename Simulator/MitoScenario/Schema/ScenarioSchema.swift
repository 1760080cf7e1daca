/// The language as a JSON Schema, by which editors complete what is written and mark what is wrong.
///
/// It is made of the tables that the reader goes by. What needs the whole file (that a name is known, that a time fits)
/// only the reader can tell: `lint`.
/// ```swift
/// print(ScenarioSchema.text)
/// print(ScenarioSchema.line(for: "mitoscope.schema.json"))    // the first line of a scenario
/// ```
public enum ScenarioSchema {
    /// The schema, for a file of its own.
    public static var text: String { json.text }

    /// The comment that, as a scenario's first line, tells editors where its schema is.
    public static func line(for path: String) -> String { "# yaml-language-server: $schema=\(path)" }

    static var json: JSON {
        guard case .object(let root) = Shape.objectSchema(ScenarioReader.keys) else { return [:] }
        let head: [JSON.Pair] = [
            .init(key: "$schema", value: "http://json-schema.org/draft-07/schema#"),
            .init(key: "title", value: "A Mitoscope scenario"),
        ]
        return .object(head + root + [.init(key: "definitions", value: definitions)])
    }

    private static var definitions: JSON {
        [
            "link": Shape.objectSchema(LinkWords.keys),
            "message": Shape.objectSchema(MessagePattern.keysOfOne),
            "line": ["anyOf": .array(storyWords.map(line))],
            "expectation": ["anyOf": .array(treeChecks.map(expectation) + [namedExpectation])],
        ]
    }

    private static func line(_ word: any ReadableWord.Type) -> JSON {
        Shape.objectSchema(word.options + ScenarioReader.lineKeys, first: word.subject)
    }

    private static func expectation(_ check: any TreeCheck.Type) -> JSON {
        Shape.objectSchema(Expectation.momentKeys, first: check.subject)
    }

    /// `{ report: { returns: 3 } }`: what is expected of something by its name, which is no word of `expect`.
    private static var namedExpectation: JSON {
        let words = (treeChecks.map { $0.key } + Expectation.momentKeys.names).joined(separator: "|")
        let ofNamed = Shape.objectSchema(callChecks.map { $0.subject })
        let moments = Expectation.momentKeys.map { JSON.Pair(key: $0.name, value: Shape.described($0)) }
        return [
            "type": "object", "properties": .object(moments),
            "patternProperties": ["^(?!(\(words))$)\(Shape.namePattern)$": ofNamed],
            "additionalProperties": false, "minProperties": 1,
        ]
    }
}
