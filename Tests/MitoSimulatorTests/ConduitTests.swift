import MitoCore
import MitoLinks
import Testing

@testable import MitoSimulator

@Suite struct ConduitTests {
    @Test func `bytes come out whole and in order, however they are cut`() {
        let sent = (0..<300).map { [UInt8](repeating: UInt8($0 % 251), count: 1 + $0 % 40) }
        for seed in 1...20 as ClosedRange<UInt64> {
            #expect(pieces(of: sent, seed: seed).flatMap { $0 } == sent.flatMap { $0 })
        }
    }

    @Test func `where bytes are cut varies by seed`() {
        let sent = (0..<300).map { [UInt8](repeating: UInt8($0 % 251), count: 40) }
        let cuts = (1...5 as ClosedRange<UInt64>).map { pieces(of: sent, seed: $0).map(\.count) }
        #expect(Set(cuts).count == 5)
        #expect(cuts.allSatisfy { $0.count > 300 })
    }

    @Test func `the end comes after all bytes`() {
        var conduit = conduit(seed: 1)
        let wasEmpty = [conduit.send([1, 2, 3], at: .start), conduit.end(at: .start)]
        #expect(wasEmpty == [true, false])
        var bytes: [UInt8] = []
        while conduit.next != nil {
            let piece = conduit.take()
            bytes += piece.bytes[piece.range]
            #expect(piece.isEnd == (conduit.next == nil))
        }
        #expect(bytes == [1, 2, 3])
    }

    @Test func `what nobody reads is lost`() {
        var conduit = conduit(seed: 1)
        _ = conduit.send([1], at: .start)
        conduit.abandon()
        let needsWaking = conduit.send([2], at: .start)
        #expect(!needsWaking && conduit.next == nil)
    }

    @Test(arguments: [1, 3, 26, 1_000])
    func `frames are counted wherever the stream is cut`(chunk: Int) {
        let frames = frame(0) + frame(5) + frame(300) + frame(0)
        #expect(walked(Array(repeating: 9, count: 77) + frames, from: .bytes(left: 77), by: chunk) == 4)
        #expect(walked(Array("MITO000\nMMITO001\nMITO002\n".utf8) + frames, from: .marker(matched: 0), by: chunk) == 4)
        #expect(walked(frames.dropLast(), from: .none, by: chunk) == 3)
    }

    private func conduit(seed: UInt64) -> Conduit {
        Conduit(
            to: 0, .parent, state: LinkState(LinkModel.OneWay(), random: Random(seed: seed, stream: "delay")),
            cuts: Random(seed: seed, stream: "cuts"), preface: .none)
    }

    private func pieces(of sent: [[UInt8]], seed: UInt64) -> [[UInt8]] {
        var conduit = conduit(seed: seed)
        for bytes in sent { _ = conduit.send(bytes, at: .start) }
        var pieces: [[UInt8]] = []
        while conduit.next != nil {
            let piece = conduit.take()
            pieces.append(Array(piece.bytes[piece.range]))
        }
        return pieces
    }

    private func frame(_ length: Int) -> [UInt8] {
        let message = Message(to: ContextID(1), handle: Handle(1000), payload: [UInt8](repeating: 7, count: length))
        var bytes: [UInt8] = []
        FrameHeader(message).write(to: &bytes)
        return bytes + message.payload
    }

    private func walked(_ bytes: some Collection<UInt8>, from preface: FrameWalk.Preface, by chunk: Int) -> UInt64 {
        var walk = FrameWalk(before: preface)
        var rest = Array(bytes)
        while !rest.isEmpty {
            walk.passed(Array(rest.prefix(chunk)).span)
            rest.removeFirst(min(chunk, rest.count))
        }
        return walk.frames
    }
}
