/// What a value may look like, as far as that can be said without the rest of the file.
struct Shape: Sendable {
    /// The rule in JSON Schema.
    let json: JSON
    let example: String

    init(_ json: JSON, example: String) {
        self.json = json
        self.example = example
    }
}

// MARK: Scalars

extension Shape {
    /// Any text; what looks like a number is text too.
    static let text = Shape(["type": ["string", "number", "boolean"]], example: "text")
    static let bool = Shape(["type": "boolean"], example: "true")
    static let value = Shape([:], example: "42")
    static let duration = Shape(pattern(durationPattern), example: "5s")
    /// `a..b`, or one duration.
    static let durations = Shape(pattern("\(durationPattern)(\\.\\.\(durationPattern))?"), example: "1s..5s")
    /// `100ms of death`.
    static let within = Shape(pattern("\(durationPattern) of \(namePattern)"), example: "100ms of death")
    /// `a..b`, `a..`, or one number.
    static let counts = Shape(
        ["type": ["integer", "string"], "minimum": 0, "pattern": "^[0-9]+(\\.\\.[0-9]*)?$"], example: "1..2")
    /// A share, at most 1.
    static let ratio = Shape(
        ["type": ["integer", "string"], "minimum": 0, "maximum": 1, "pattern": "^[0-9]+(/[0-9]+)?$"], example: "1/20")
    /// How much a clock is fast, or slow.
    static let drift = Shape(
        ["type": ["integer", "string"], "pattern": "^-?[0-9]+(/[0-9]+)?$"], example: "1/1000")
    static let bytes = Shape(pattern("[0-9]+\(unitPattern)"), example: "64KiB")
    static let rate = Shape(pattern("[0-9]+\(unitPattern)/s"), example: "10MB/s")
    static let name = Shape(pattern(namePattern), example: "web")
    /// The name of a context, or of the link whose lower end it is.
    static let context = name
    /// What a line of the story was called with `as`.
    static let named = Shape(pattern(namePattern), example: "report")
    static let function = Shape(pattern("\(namePattern)\\..+"), example: "db.echo")
    static let handle = number(1...Int64(UInt32.max), example: "500")

    static func number(_ range: ClosedRange<Int64>, example: String = "1") -> Shape {
        let least: JSON = .number(range.lowerBound)
        guard range.upperBound < .max else { return Shape(["type": "integer", "minimum": least], example: example) }
        return Shape(
            ["type": "integer", "minimum": least, "maximum": .number(range.upperBound)], example: example)
    }

    /// One of these.
    static func words(_ words: [String]) -> Shape {
        Shape(["enum": .array(words.map(JSON.text))], example: words.first ?? "")
    }

    private static func pattern(_ pattern: String) -> JSON { ["type": "string", "pattern": .text("^\(pattern)$")] }

    static let namePattern = "[a-z][a-z0-9-]{0,62}"
    private static let durationPattern = "([0-9]+(\\.[0-9]+)?(ns|us|ms|s|min|m|h))+"
    private static let unitPattern = "(B|kB|KiB|MB|MiB|GB|GiB)"
}

// MARK: Structures

extension Shape {
    static func list(_ item: Shape, example: String? = nil) -> Shape {
        Shape(["type": "array", "items": item.json], example: example ?? "[\(item.example)]")
    }

    /// A mapping with these keys and no others.
    static func object(_ keys: [Key], example: String? = nil) -> Shape {
        let needed = keys.filter(\.isRequired)
        let shown = (needed.isEmpty ? Array(keys.prefix(1)) : needed).map { "\($0.name): \($0.example)" }
        return Shape(objectSchema(keys), example: example ?? "{ \(shown.joined(separator: ", ")) }")
    }

    /// A mapping whose keys are names that the file chooses.
    static func names(_ value: Shape, countMax: Int64? = nil, example: String? = nil) -> Shape {
        var pairs: [JSON.Pair] = [
            .init(key: "type", value: "object"), .init(key: "propertyNames", value: name.json),
            .init(key: "additionalProperties", value: value.json),
        ]
        if let countMax {
            pairs += [
                .init(key: "minProperties", value: 1), .init(key: "maxProperties", value: .number(countMax)),
            ]
        }
        return Shape(.object(pairs), example: example ?? "{ web: \(value.example) }")
    }

    static func any(_ shapes: [Shape]) -> Shape {
        Shape(["anyOf": .array(shapes.map(\.json))], example: shapes.first?.example ?? "")
    }

    /// What `ScenarioSchema` defines under this name.
    static func definition(_ name: String, example: String) -> Shape {
        Shape(["$ref": .text("#/definitions/\(name)")], example: example)
    }

    /// A context, which may be left empty: `web:`.
    static let plan = Shape(["anyOf": [objectSchema(ContextPlan.keys), ["type": "null"]]], example: "{ via: bastion }")
    static let line = definition("line", example: "{ call: db.echo }")
    static let link = definition("link", example: "{ delay: 1s }")
    static let message = definition("message", example: "{ kind: call, to: db }")
    static let expectation = definition("expectation", example: "{ clean: all }")

    /// - Parameter first: the key that makes it what it is; it must be there too.
    static func objectSchema(_ keys: [Key], first: Key? = nil) -> JSON {
        let all = (first.map { [$0] } ?? []) + keys
        let required = all.filter { $0.isRequired || $0.name == first?.name }.map { JSON.text($0.name) }
        var pairs: [JSON.Pair] = [.init(key: "type", value: "object")]
        if let first { pairs.append(.init(key: "description", value: .text(first.meaning))) }
        let properties = all.map { JSON.Pair(key: $0.name, value: described($0)) }
        pairs.append(.init(key: "properties", value: .object(properties)))
        if !required.isEmpty { pairs.append(.init(key: "required", value: .array(required))) }
        pairs.append(.init(key: "additionalProperties", value: false))
        return .object(pairs)
    }

    /// The rule for a key's value, and what it means.
    static func described(_ key: Key) -> JSON {
        guard case .object(let pairs) = key.shape.json else { return key.shape.json }
        let meaning = JSON.Pair(key: "description", value: .text(key.meaning))
        // What stands beside a reference is not looked at.
        guard !pairs.contains(where: { $0.key == "$ref" }) else {
            return .object([meaning, .init(key: "allOf", value: [key.shape.json])])
        }
        return .object([meaning] + pairs)
    }
}
