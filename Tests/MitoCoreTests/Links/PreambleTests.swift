import MitoCore
import Testing

/// What a parent tells its child.
struct PreambleTests {
    private let python = """
        import os

        ExternalContext({'parent_ids': [1, 0], 'context_id': 7, 'debug': False, 'profiling': False, \
        'unidirectional': True, 'log_levels': [30, 20, 10], 'max_message_size': 134217728, 'version': (0, 3, 54), \
        'import_blocks': [u'a.b'], 'import_overrides': [], 'in_fd': 100, 'setup_stdio': None}).main()

        """

    private func error(_ text: String) -> String {
        do throws(PreambleError) {
            _ = try Preamble(Array(text.utf8))
            return "none"
        } catch {
            return "\(error)"
        }
    }

    @Test func `a preamble comes back as it was`() throws {
        var preamble = Preamble(contextID: ContextID(3), parentIDs: [ContextID(1), .master], name: "wéb 'x'")
        preamble.maxMessageSize = 4096
        preamble.isUnidirectional = true
        preamble.logLevels = [10, 20, 50]
        preamble.importBlocks = ["a", "b"]
        preamble.callers = .anyone
        preamble.build = "1.0 (abc)"
        preamble.extras = [.init("functions", .dict([.init("f", .list([1, .float(1.5), .bytes([0xFF, 0x27])]))]))]
        #expect(try Preamble(preamble.text()) == preamble)
    }

    @Test func `between our own contexts it is one line of ASCII`() {
        let text = Preamble(contextID: ContextID(3), parentIDs: [.master], name: "é\u{D7FF}").text()
        #expect(text.allSatisfy { $0 < 0x80 })
        #expect(text.filter { $0 == 0x0A }.count == 1 && text.last == 0x0A)
        #expect(text.starts(with: "ExternalContext({'context_id': 3, ".utf8))
    }

    @Test func `a Python parent's preamble is read, and its program kept`() throws {
        let preamble = try Preamble(Array(python.utf8))
        #expect(preamble.contextID == ContextID(7))
        #expect(preamble.parentIDs == [ContextID(1), .master])
        #expect(preamble.isUnidirectional)
        #expect(preamble.logLevels == [30, 20, 10])
        #expect(preamble.version == [0, 3, 54])
        #expect(preamble.importBlocks == ["a.b"])
        #expect(preamble.name.isEmpty && preamble.callers == .parents)
        #expect(preamble.extras == [.init("in_fd", 100), .init("setup_stdio", .none)])
        #expect(preamble.source == Array("import os\n\n".utf8))
    }

    @Test(arguments: [
        "context_id", "parent_ids", "max_message_size", "unidirectional", "debug", "profiling", "log_levels", "version",
        "import_blocks", "import_overrides",
    ])
    func `a missing key is named`(_ key: String) {
        #expect(error(python.replacing("'\(key)'", with: "'other'")) == "the preamble has no \(key)")
    }

    @Test(arguments: [
        ("'context_id': 7", "'context_id': True"), ("'context_id': 7", "'context_id': -1"),
        ("'context_id': 7", "'context_id': 4294967296"), ("[1, 0]", "[]"), ("[1, 0]", "['1']"), ("[1, 0]", "1"),
        ("True", "1"), ("134217728", "-1"), ("(0, 3, 54)", "'0.3.54'"), ("[30, 20, 10]", "[None]"),
    ])
    func `a value of the wrong type or range is refused`(_ right: String, _ wrong: String) {
        #expect(error(python.replacing(right, with: wrong)).hasPrefix("the preamble's "))
    }

    @Test(arguments: [
        "", "\n\n", "ExternalContext().main()", "ExternalContext({).main()", "ExternalContext({}.main()",
        "ExternalContext({'a': 1}, 2).main()", "ExternalContext({'a' 1}).main()", "ExternalContext({'a': }).main()",
        "ExternalContext({'a': os}).main()", "ExternalContext({'a: 1}).main()",
        "ExternalContext({'\\N{DASH}': 1}).main()",
        "ExternalContext({[]: 1}).main()", "ExternalContext({'a': '\\U00110000'}).main()",
        "ExternalContext({'a': 1.5.5}).main()", "ExternalContext([1]).main()",
        "ExternalContext({'a': \(String(repeating: "[", count: 100))}).main()",
        "ExternalContext({'a': \(String(repeating: "(", count: 100_000))}).main()",
    ])
    func `what is no literal is refused`(_ text: String) {
        #expect(error(text).hasPrefix("the preamble "))
    }

    @Test(arguments: [
        ("'a\\n\\'\\\\'", Value.text("a\n'\\")), ("u'\\xe9\\u20ac\\U0001f600'", "é€\u{1F600}"), ("\"it's\"", "it's"),
        ("'\\ud800'", .text(Text(utf8: [0xED, 0xA0, 0x80]))), ("b'\\xff\\101'", .bytes([0xFF, 0x41])), ("-5", -5),
        ("134217728L", 134_217_728), ("18446744073709551616", .bigInt([0, 0, 0, 0, 0, 0, 0, 0, 1])),
        ("1e3", .float(1000)),
        ("(1)", 1), ("(1,)", .tuple([1])), ("()", .tuple([])), ("[1, 2,]", .list([1, 2])), ("{}", .dict([])),
        ("{'a': (None, False)}", .dict([.init("a", .tuple([.none, false]))])),
    ])
    func `every literal that repr prints is read`(_ literal: String, _ value: Value) throws {
        let text = python.replacing("'in_fd': 100", with: "'in_fd': \(literal)")
        #expect(try Preamble(Array(text.utf8)).extras.first?.value == value)
    }
}
