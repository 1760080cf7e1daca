import MitoCore
import Testing

@testable import MitoLive

@Suite struct PartsTests {
    @Test func `a child is looked at by Mitogen's schedule`() {
        var schedule = ReapSchedule()
        let steps = (0..<20).map { _ in schedule.next() }
        #expect(steps.prefix(7).map { $0.then.nanoseconds / 1_000_000 } == [50, 86, 147, 254, 437, 752, 1294])
        #expect(steps.prefix(6).map(\.step) == [.look, .terminate, .look, .look, .look, .kill])
        #expect(steps[6..<19].allSatisfy { $0.step == .look } && steps[19].step == .giveUp)
    }

    @Test func `lines are cut wherever reads were cut`() {
        var splitter = LineSplitter()
        #expect(splitter.split(Array("ab".utf8)) == [])
        #expect(splitter.split(Array("c\n\nd".utf8)) == [Array("abc".utf8), []])
        #expect(splitter.finish() == Array("d".utf8))
        #expect(splitter.finish() == nil)
    }

    @Test func `a line without an end does not grow for ever`() {
        var splitter = LineSplitter()
        let lines = splitter.split([UInt8](repeating: 65, count: 3 * LineSplitter.lineBytesMax + 1))
        #expect(lines.count == 3)
        #expect(splitter.partial.count == 1)
    }

    @Test func `a zlib stream is inflated`() {
        #expect(Inflate.text(of: Self.hello) == Array("hello hello hello\n".utf8))
    }

    @Test func `what is no whole zlib stream is refused`() {
        #expect(Inflate.text(of: []) == nil)
        #expect(Inflate.text(of: Array("garbage, and no stream".utf8)) == nil)
        #expect(Inflate.text(of: Self.hello + [0]) == nil)
        for length in 0..<Self.hello.count { #expect(Inflate.text(of: Array(Self.hello[..<length])) == nil) }
    }

    @Test func `a stream that grows past the limit is refused`() {
        #expect(Inflate.text(of: Self.hello, limit: 17) == nil)
        #expect(Inflate.text(of: Self.hello, limit: 18) != nil)
    }

    @Test func `a context is started by the tail of its arguments`() {
        typealias Invocation = ContextProgram.Invocation
        #expect(
            Invocation(["-c", "decoder", "blob", "me@box:1", "312"])
                == .context(remoteName: "me@box:1", preambleLength: 312))
        #expect(
            Invocation(["first", "-c", "decoder", "blob", "me", "1"]) == .context(remoteName: "me", preambleLength: 1))
        #expect(Invocation(["--help"]) == .help)
        #expect(Invocation(["--version"]) == .version)
        for length in ["0", "-5", "x", "99999999999"] {
            #expect(Invocation(["-c", "decoder", "blob", "me", length]) == .mistake)
        }
        #expect(Invocation([]) == .mistake)
        #expect(Invocation(["-c"]) == .mistake)
    }

    @Test func `a turn that took long says what it did`() {
        var turn = SlowTurn(at: .start)
        turn.did(.job("a report"), at: .start + .milliseconds(80))
        turn.did(.writing, at: .start + .milliseconds(83))
        #expect(turn.complaint == "a turn of the loop took 83ms, 80ms of it for a report")
        #expect(SlowTurn(at: .start).complaint == nil)
    }

    @Test func `one slow turn in ten seconds is told, and how many others there were`() {
        var turns = SlowTurns()
        let told = ([1, 2, 10, 11, 12] as [Int64]).map { seconds in
            var turn = SlowTurn(at: .start + .seconds(seconds - 1))
            turn.did(.writing, at: .start + .seconds(seconds))
            return turns.complaint(about: turn, at: .start + .seconds(seconds))
        }
        #expect(told.map { $0 == nil } == [false, true, true, false, true])
        #expect(told[0]?.contains("others") == false)
        #expect(told[3]?.hasSuffix("; 2 others were slow since the last such line") == true)
    }

    /// `zlib.compress(b"hello hello hello\n")`
    private static let hello: [UInt8] = [
        0x78, 0x9c, 0xcb, 0x48, 0xcd, 0xc9, 0xc9, 0x57, 0xc8, 0x40, 0x90, 0x5c, 0x00, 0x40, 0xb5, 0x06, 0x87,
    ]
}
