import MitoCore
import MitoTrace
import Testing

@Suite struct TraceWriterTests {
    @Test func `a header is the first line`() {
        var writer = TraceWriter()
        writer.write(TraceHeader(world: "sim", seed: 7, title: "One \"hop\""))
        #expect(lines(writer) == [#"{"mitoscope-trace":1,"world":"sim","seed":7,"title":"One \"hop\""}"#])
    }

    @Test func `fields at their default are left out`() {
        var writer = TraceWriter()
        writer.write(TraceRecord(index: 0, context: ContextID(3), event: Event(.shutdownBegan), hash: 0))
        #expect(lines(writer) == [#"{"ctx":3,"k":"shutdown-began"}"#])
    }

    @Test func `every field has its key`() {
        var writer = TraceWriter()
        writer.write(fullRecord)
        #expect(
            lines(writer) == [
                #"{"i":1,"t":2,"ctx":3,"k":"dropped","step":4,"cause":5,"link":6,"dir":"up","n":7,"dst":8,"src":9,"#
                    + #""auth":10,"handle":11,"reply":12,"len":13,"digest":"000000000000000e","subject":15,"#
                    + #""reason":"no-route","text":"a\nb","tag":"c","hash":"ffffffffffffffff"}"#
            ])
    }

    @Test(arguments: [
        ("\"\\", #""\"\\""#), ("\u{0}\u{1F}", #""\u0000\u001f""#), ("\t\r\n", #""\t\r\n""#), ("é→😀/", "\"é→😀/\""),
    ])
    func `any text is escaped as JSON wants it`(text: String, json: String) {
        var writer = TraceWriter()
        var event = Event(.log)
        event.text = text
        writer.write(TraceRecord(index: 0, context: ContextID(1), event: event, hash: 0))
        #expect(lines(writer) == [#"{"ctx":1,"k":"log","text":"# + json + "}"])
    }

    @Test func `the extremes of integers are written whole`() {
        var writer = TraceWriter()
        var event = Event(.log)
        event.at = Instant(nanoseconds: .min)
        event.step = .max
        writer.write(TraceRecord(index: 0, context: ContextID(1), event: event, hash: 0))
        #expect(lines(writer) == [#"{"t":-9223372036854775808,"ctx":1,"k":"log","step":18446744073709551615}"#])
    }

    @Test func `a text without end is cut between two characters`() throws {
        var writer = TraceWriter()
        var event = Event(.log)
        event.text = String(repeating: "ä", count: TraceWriter.textBytesMax)
        writer.write(TraceHeader())
        writer.write(TraceRecord(index: 0, context: ContextID(1), event: event, hash: 0))
        let text = try #require(try TraceReader.readAll(writer.bytes).records.first).event.text
        #expect(text.utf8.count <= TraceWriter.textBytesMax && text.hasPrefix("ää") && text.hasSuffix("ä…"))
    }

    @Test func `what was taken is not handed out again`() {
        var writer = TraceWriter()
        writer.write(TraceHeader())
        #expect(!writer.take().isEmpty && writer.take().isEmpty)
    }

    @Test func `every kind and every reason has a word of its own`() {
        #expect(Event.Kind.allCases.allSatisfy { Event.Kind(word: $0.word) == $0 })
        #expect(Event.Reason.allCases.allSatisfy { Event.Reason(word: $0.word) == $0 })
    }

    private func lines(_ writer: TraceWriter) -> [String] {
        String(decoding: writer.bytes, as: UTF8.self).split(separator: "\n").map(String.init)
    }
}
