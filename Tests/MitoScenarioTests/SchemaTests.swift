import Foundation
import Testing

@testable import MitoScenario

/// The schema that editors are given says what the reader reads.
struct SchemaTests {
    private static let words = storyWords.map { $0.subject } + storyWords.flatMap { $0.options }
    private static let checks = treeChecks.map { $0.subject } + callChecks.map { $0.subject }
    private static let keys = ScenarioReader.keys + ScenarioReader.lineKeys + words + checks + Expectation.momentKeys

    @Test func `every word and every key is in it, with its meaning`() {
        let text = ScenarioSchema.text
        for key in Self.keys {
            #expect(text.contains("\"\(key.name)\": {"), "\(key.name)")
            #expect(text.contains(key.meaning), "\(key.name)")
        }
    }

    @Test func `a word reads its own examples, and no key stands twice`() {
        for word in storyWords {
            let names = ([word.subject] + word.options + ScenarioReader.lineKeys).names
            #expect(Set(names).count == names.count, "\(word.word)")
            #expect(word.subject.name == word.word)
        }
        for check in treeChecks { #expect(check.subject.name == check.key) }
        for check in callChecks { #expect(check.subject.name == check.key) }
    }

    @Test func `a scenario's first line tells editors where it is`() {
        #expect(ScenarioSchema.line(for: "a.json") == "# yaml-language-server: $schema=a.json")
    }

    @Test(.enabled(if: Validator.isThere, "there is no Python with jsonschema"))
    func `every shipped scenario fits it, and the examples of its keys do`() throws {
        let scenarios = try Shipped.files.map { try Validator.Case(name: $0, yaml: Shipped.text($0), schema: nil) }
        let examples = Self.keys.map {
            Validator.Case(name: "\($0.name): \($0.example)", yaml: $0.example, schema: $0.shape.json)
        }
        let misfits = try Validator.misfits(scenarios + examples)
        #expect(misfits == [])
    }

    @Test(.enabled(if: Validator.isThere, "there is no Python with jsonschema"))
    func `what is misspelt or of the wrong kind does not fit it`() throws {
        let head = "mitoscope: 1\ntitle: t\n"
        let wrong = [
            "title: t\nstory: []", "mitoscope: 2\ntitle: t\nstory: []", head + "storey: []",
            head + "story: [ { cal: db.echo } ]", head + "story: [ { call: db.echo, tiemout: 5s } ]",
            head + "story: [ { call: db.echo, timeout: 5 } ]", head + "story: [ { call: db } ]",
            head + "story: [ { call: db.echo, after: { a: started } } ]",
            head + "story: []\nlink: { dealy: 5ms }", head + "story: []\nlink: { delay: [1ms] }",
            head + "story: [ { drop: { kind: cal } } ]", head + "story: []\ncontexts: { Web: {} }",
            head + "story: []\nexpect: [ { x: { fails: ChanelError } } ]",
            head + "story: []\nexpect: [ { routes: { web: { had: [db] } } } ]",
            head + "story: [ { check: { clean: some } } ]",
        ]
        let cases = wrong.map { Validator.Case(name: $0, yaml: $0, schema: nil) }
        let misfits = try Validator.misfits(cases)
        #expect(misfits == wrong)
        for text in wrong { #expect(!errors(in: text).isEmpty, "\(text)") }
    }
}

/// Python's `jsonschema`, as a second opinion.
private enum Validator {
    /// Something to be judged; nil = by the whole schema.
    struct Case {
        var name: String
        var yaml: String
        var schema: JSON?
    }

    static let isThere = (try? run(["-c", "import jsonschema"], input: "")) != nil

    /// The names of those that do not fit.
    static func misfits(_ cases: [Case]) throws -> [String] {
        let entries = cases.map { entry -> String in
            let schema = entry.schema?.text ?? "null"
            let value = ItemParser.parse(Array(entry.yaml.utf8), ErrorSheet(file: "f")).map(json) ?? "null"
            return "{ \"name\": \(JSON.text(entry.name).text), \"schema\": \(schema), \"value\": \(value) }"
        }
        let script = """
            import json, jsonschema, sys
            given = json.load(sys.stdin)
            root = given["schema"]
            jsonschema.Draft7Validator.check_schema(root)
            for case in given["cases"]:
                schema = root if case["schema"] is None else {**case["schema"], "definitions": root["definitions"]}
                if not jsonschema.Draft7Validator(schema).is_valid(case["value"]): print(json.dumps(case["name"]))
            """
        let input = "{ \"schema\": \(ScenarioSchema.text), \"cases\": [\(entries.joined(separator: ", "))] }"
        let output = try run(["-c", script], input: input)
        return try output.split(separator: "\n").map {
            try JSONDecoder().decode(String.self, from: Data($0.utf8))
        }
    }

    /// What an editor's parser makes of it.
    private static func json(_ item: Item) -> String {
        switch item.content {
        case .text("", isQuoted: false): "null"
        case .text(let text, isQuoted: false) where Int64(text) != nil || ["true", "false"].contains(text): text
        case .text(let text, _): JSON.text(text).text
        case .list(let items): "[\(items.map(json).joined(separator: ", "))]"
        case .map(let entries):
            "{\(entries.map { "\(JSON.text($0.key).text): \(json($0.value))" }.joined(separator: ", "))}"
        }
    }

    private struct Failed: Error { var status: Int32 }

    private static func run(_ arguments: [String], input: String) throws -> String {
        let usual = Shipped.folder.deletingLastPathComponent().appending(path: ".build/venv")
        let environment = ProcessInfo.processInfo.environment["MITOSCOPE_VENV"].map { URL(filePath: $0) } ?? usual
        let process = Process()
        process.executableURL = environment.appending(path: "bin/python")
        let (stdin, stdout) = (FileManager.default.temporaryDirectory.appending(path: UUID().uuidString), Pipe())
        try Data(input.utf8).write(to: stdin)
        defer { try? FileManager.default.removeItem(at: stdin) }
        process.arguments = arguments
        process.standardInput = try FileHandle(forReadingFrom: stdin)
        process.standardOutput = stdout
        try process.run()
        let output = try stdout.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Failed(status: process.terminationStatus) }
        return String(decoding: output, as: UTF8.self)
    }
}
