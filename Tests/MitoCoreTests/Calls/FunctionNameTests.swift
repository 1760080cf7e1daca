import Testing

@testable import MitoCore

@Suite struct FunctionNameTests {
    @Test(arguments: [
        ("echo", "mito", nil, "echo"),
        ("demo.echo", "demo", nil, "echo"),
        ("a.b.echo", "a.b", nil, "echo"),
        ("os.Path.exists", "os", "Path", "exists"),
        ("a.b.Path.exists", "a.b", "Path", "exists"),
        ("Demo.echo", "Demo", nil, "echo"),
        ("", "mito", nil, ""),
        (".echo", "", nil, "echo"),
    ])
    func `a name is split at its last dots and put together again`(
        text: String, module: String, type: String?, function: String
    ) {
        let name = FunctionName(text)
        #expect(name == FunctionName(module: module, type: type, function: function))
        #expect(name.text == text)
    }

    @Test func `a function of our own module needs no module`() {
        #expect(FunctionName(module: "mito", type: nil, function: "echo").text == "echo")
        #expect(FunctionName(module: "mito", type: "Path", function: "exists").text == "Path.exists")
    }
}
