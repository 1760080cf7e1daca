import MitoCore
import MitoLinks
import MitoTrace
import Testing

@Suite struct TraceReaderTests {
    @Test(arguments: 0..<8) func `what was written is read again`(seed: UInt64) throws {
        var source = RecordSource(seed: seed)
        let records = (0..<100).map { _ in source.next() }
        var writer = TraceWriter()
        writer.write(TraceHeader(world: "live", seed: seed, title: "a\u{1}é"))
        for record in records { writer.write(record) }
        let read = try TraceReader.readAll(writer.bytes)
        #expect(read.header == TraceHeader(world: "live", seed: seed, title: "a\u{1}é"))
        #expect(read.records == records)
    }

    @Test func `a file that grows byte by byte reads the same`() throws {
        var reader = TraceReader()
        var records: [TraceRecord] = []
        for byte in text(#"{"ctx":1,"k":"log","text":"é"}"#, #"{"ctx":2,"k":"log"}"#) {
            records += try reader.read([byte].span)
        }
        #expect(records.map(\.context.rawValue) == [1, 2] && !reader.hasPartialLine)
    }

    @Test func `a last line without its end waits for more`() throws {
        var reader = TraceReader()
        let whole = text(#"{"ctx":1,"k":"log"}"#)
        #expect(try reader.read(Array(whole.dropLast()).span).isEmpty && reader.hasPartialLine)
        #expect(try reader.read([0x0A].span).count == 1)
    }

    @Test func `a trace has its end when that is its last line`() throws {
        var writer = TraceWriter()
        writer.write(TraceHeader(world: "sim"))
        writer.write(fullRecord)
        writer.writeEnd()
        var reader = TraceReader()
        #expect(try reader.read(Array(writer.bytes.dropLast()).span) == [fullRecord] && !reader.hasEnd)
        #expect(try reader.read([0x0A].span).isEmpty && reader.hasEnd)
        #expect(try reader.read(Array(#"{"ctx":1,"k":"log"}"#.utf8).span).isEmpty && !reader.hasEnd)
        #expect(try reader.read([0x0A].span).map(\.index) == [2] && !reader.hasEnd)
    }

    @Test func `lines without an index are counted`() throws {
        let read = try TraceReader.readAll(text(#"{"ctx":1,"k":"log"}"#, "", #"{"ctx":2,"k":"log"}"#))
        #expect(read.records.map(\.index) == [1, 2])
    }

    @Test func `keys of later versions are passed over`() throws {
        let line = #"{ "ctx" : 1 , "k":"log", "new":{"a":[1,-2.5e3,"x\"",{}],"b":null}, "c":true, "d":[] }"#
        #expect(try TraceReader.readAll(text(line)).records.count == 1)
    }

    @Test(arguments: [
        (#"\u00e9\ud83d\ude00\/"#, "é😀/"), (#"\ud83d"#, "\u{FFFD}"), (#"\ud83d\u0041"#, "\u{FFFD}A"),
        (#"\udc00"#, "\u{FFFD}"),
    ])
    func `escapes are undone`(json: String, expected: String) throws {
        let read = try TraceReader.readAll(text(#"{"ctx":1,"k":"log","text":""# + json + "\"}"))
        #expect(read.records.first?.event.text == expected)
    }

    @Test(arguments: [
        (#"{"ctx":1,"k":"nonsense"}"#, TraceError(.unknownWord("nonsense"), line: 2, column: 14)),
        (#"{"ctx":1}"#, TraceError(.missing("k"), line: 2, column: 1)),
        (#"{"ctx":1,"ctx":1,"k":"log"}"#, TraceError(.duplicateKey("ctx"), line: 2, column: 16)),
        (#"{"ctx":4294967296,"k":"log"}"#, TraceError(.outOfRange, line: 2, column: 8)),
        (#"{"ctx":-1,"k":"log"}"#, TraceError(.outOfRange, line: 2, column: 8)),
        (#"{"ctx":01,"k":"log"}"#, TraceError(.expected("a number"), line: 2, column: 8)),
        (#"{"ctx":1.5,"k":"log"}"#, TraceError(.expected("a whole number"), line: 2, column: 8)),
        (#"{"ctx":1,"k":"log"} x"#, TraceError(.expected("the end of the line"), line: 2, column: 21)),
        (#"{"ctx":1,"k":"log""#, TraceError(.expected(","), line: 2, column: 19)),
        (#"{"ctx":1,"k":"log","digest":"xyz"}"#, TraceError(.expected("hexadecimal digits"), line: 2, column: 29)),
        ("[]", TraceError(.expected("{"), line: 2, column: 1)),
    ])
    func `a broken line says where`(line: String, error: TraceError) {
        #expect(throws: error) { try TraceReader.readAll(text(line)) }
    }

    @Test func `what is no trace is refused at its first line`() {
        #expect(throws: TraceError(.notATrace, line: 1, column: 1)) { try TraceReader.readAll([]) }
        #expect(throws: TraceError(.notATrace, line: 1, column: 1)) { try TraceReader.readAll(Array("hello\n".utf8)) }
        #expect(throws: TraceError(.notATrace, line: 1, column: 1)) { try TraceReader.readAll(Array("{}\n".utf8)) }
        #expect(throws: TraceError(.version(2), line: 1, column: 1)) {
            try TraceReader.readAll(Array("{\"mitoscope-trace\":2}\n".utf8))
        }
    }

    @Test func `a newer version is refused in a sentence that names both`() {
        let error = TraceError(.version(3), line: 1, column: 1)
        #expect("\(error)" == "1:1: the trace has version 3; this program reads 1: a newer one wrote it")
    }

    @Test func `a key that is not known is passed over, in the header and in a line`() throws {
        let header = #"{"mitoscope-trace":1,"host":{"name":"a","clock":[1,2]},"flight":"signal"}"#
        let line = #"{"ctx":1,"k":"log","text":"x","mood":["fine"],"queue":7}"#
        let trace = try TraceReader.readAll(Array("\(header)\n\(line)\n".utf8))
        #expect(trace.header == TraceHeader(flight: "signal"))
        #expect(trace.records.map(\.event.text) == ["x"])
    }

    @Test func `hostile bytes end in an error and never in a trap`() {
        let deep = #"{"ctx":1,"k":"log","x":"# + String(repeating: "[", count: 10_000)
        #expect(throws: TraceError.self) { try TraceReader.readAll(text(deep)) }
        #expect(throws: TraceError.self) {
            try TraceReader.readAll(text(#"{"ctx":1,"k":"log"}"#) + [0x7B, 0x22, 0xFF, 0x22, 0x0A])
        }
        let long = [UInt8](repeating: 0x20, count: TraceReader.lineBytesMax + 1)
        #expect(throws: TraceError(.lineTooLong, line: 1, column: TraceReader.lineBytesMax + 1)) {
            try TraceReader.readAll(long)
        }
    }

    @Test(arguments: 0..<4) func `a trace with any byte changed reads or fails`(seed: UInt64) {
        var random = Random(seed: seed, stream: "changed bytes")
        var writer = TraceWriter()
        writer.write(TraceHeader(world: "sim"))
        writer.write(fullRecord)
        for _ in 0..<500 {
            var bytes = writer.bytes
            bytes[Int(random.below(UInt64(bytes.count)))] = UInt8(truncatingIfNeeded: random.next())
            _ = try? TraceReader.readAll(bytes)
        }
    }

    private func text(_ lines: String...) -> [UInt8] {
        Array((["{\"mitoscope-trace\":1}"] + lines).map { $0 + "\n" }.joined().utf8)
    }
}
