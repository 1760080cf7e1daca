import MitoCore
import MitoLinks
import Testing

@testable import MitoSimulator

@Suite struct ConduitTests {
    @Test func `bytes come out whole and in order, however they are cut`() {
        let sent = frames
        for seed in 1...20 as ClosedRange<UInt64> {
            #expect(pieces(of: sent, seed: seed).flatMap { $0 } == sent.flatMap { $0 })
        }
    }

    @Test func `where bytes are cut varies by seed`() {
        let cuts = (1...5 as ClosedRange<UInt64>).map { pieces(of: frames, seed: $0).map(\.count) }
        #expect(Set(cuts).count == 5)
        #expect(cuts.allSatisfy { $0.count > 300 })
    }

    @Test func `the end comes after all bytes`() {
        var conduit = conduit(seed: 1)
        conduit.queue.write(frames[0], at: .start)
        conduit.queue.end(at: .start)
        var bytes: [UInt8] = []
        while conduit.queue.next != nil {
            let piece = conduit.take()
            bytes += piece.bytes[piece.range]
            #expect(piece.isEnd == conduit.queue.isEmpty)
        }
        #expect(bytes == frames[0])
    }

    private let frames: [[UInt8]] = (0..<300).map { index in
        let payload = [UInt8](repeating: UInt8(index % 251), count: 10 + index % 40)
        var bytes: [UInt8] = []
        FrameHeader(Message(to: ContextID(1), handle: Handle(1000), payload: payload)).write(to: &bytes)
        return bytes + payload
    }

    private func conduit(seed: UInt64) -> Conduit {
        let queue = LinkQueue(LinkModel.OneWay(), seed: seed, link: ContextID(1), .up, preface: .none, buffer: 0)
        return Conduit(
            from: ContextID(1), to: 0, .parent, lower: ContextID(1), .up, queue: queue,
            cuts: Random(seed: seed, stream: "cuts"))
    }

    private func pieces(of sent: [[UInt8]], seed: UInt64) -> [[UInt8]] {
        var conduit = conduit(seed: seed)
        for bytes in sent { conduit.queue.write(bytes, at: .start) }
        var pieces: [[UInt8]] = []
        while conduit.queue.next != nil {
            let piece = conduit.take()
            pieces.append(Array(piece.bytes[piece.range]))
        }
        return pieces
    }
}
