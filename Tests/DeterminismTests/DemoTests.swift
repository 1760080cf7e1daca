import Testing

/// The example `demo`, a first program as it is written down everywhere.
@Suite struct DemoTests {
    @Test func `a program prints the same in both worlds`() throws {
        let text = "root\n300 MB in use\n"
        #expect(try output(of: "demo") == text)
        for seed in 1...5 { #expect(try output(of: "demo", "sim", "\(seed)") == text) }
    }
}
