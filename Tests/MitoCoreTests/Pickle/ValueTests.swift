import MitoCore
import Testing

/// Values compare by what they are, and print as in Python.
struct ValueTests {
    @Test func `floats are the same when their bits are`() {
        #expect(Value.float(.nan) == .float(.nan))
        #expect(Value.float(0.0) != .float(-0.0))
        #expect(Set<Value>([.float(.nan), .float(.nan)]).count == 1)
    }

    @Test func `kinds do not mix`() {
        #expect(Value.int(1) != .bool(true))
        #expect(Value.text("a") != .bytes([0x61]))
        #expect(Value.list([]) != .tuple([]))
        #expect(Value.dict([]) != .keywords([]))
        #expect(Value.secret(Text("a")) != .text("a"))
    }

    @Test(arguments: [
        (Value.none, "None"), (true, "True"), (-3, "-3"), (.float(2.5), "2.5"), (.float(1), "1.0"),
        (.float(1e16), "1e+16"),
        (.float(12345678901234568), "1.2345678901234568e+16"), (.float(-1e300), "-1e+300"), (.float(0.00001), "1e-05"),
        (.float(.nan), "nan"), (.float(-.infinity), "-inf"), (.float(-0.0), "-0.0"),
        ("abc", "'abc'"), ("it's", "\"it's\""), ("'\"", "'\\'\"'"), ("a\n\t\\\u{0}\u{7F}", "'a\\n\\t\\\\\\x00\\x7f'"),
        ("é\u{200B}\u{1F600}", "'é\\u200b\u{1F600}'"), (.text(Text(utf8: [0xED, 0xA0, 0x80])), "'\\ud800'"),
        (.bytes([0, 0x41, 0xFF, 0x27]), "b\"\\x00A\\xff'\""), (.list([1, 2]), "[1, 2]"), (.tuple([1]), "(1,)"),
        (.tuple([]), "()"), (.dict([.init("a", 1), .init(2, .list([]))]), "{'a': 1, 2: []}"),
        (.keywords([.init("a", 1)]), "Kwargs({'a': 1})"), (.callError("boom"), "CallError('boom')"),
        (.context(ContextID(3), name: Text("web")), "Context(3, 'web')"),
        (.context(ContextID(3), name: nil), "Context(3, None)"),
        (.sender(ContextID(3), Handle(1000)), "Sender(3, 1000)"), (.blob([1, 2]), "Blob(2 bytes)"),
        (.secret(Text("pw")), "Secret(...)"), (.bigInt([0, 0, 0, 0, 0, 0, 0, 0, 1]), "18446744073709551616"),
        (.bigInt([0, 0, 0, 0, 0, 0, 0, 0, 0xFF]), "-18446744073709551616"),
    ])
    func `values print as in Python`(_ value: Value, _ text: String) {
        #expect(value.description == text)
    }

    @Test func `a bounded description says that it was cut`() {
        #expect(Value.list([1, 2, 3]).description(limit: 5) == "[1, 2…")
        #expect(Value.list([1, 2]).description(limit: 6) == "[1, 2]")
        #expect(Value.text(String(repeating: "x", count: 1_000_000)).description(limit: 4) == "'xxx…")
    }

    @Test func `a very large integer is printed in hexadecimal`() {
        let text = Value.bigInt([UInt8](repeating: 1, count: 2000)).description
        #expect(text.hasPrefix("0x10101"))
        #expect(text.utf8.count == 2 + 3999)
    }

    @Test func `text that no String can hold shows one replacement for each surrogate`() {
        #expect(Text(utf8: [0x61, 0xED, 0xA0, 0x80, 0x62]).string == "a\u{FFFD}b")
    }
}
