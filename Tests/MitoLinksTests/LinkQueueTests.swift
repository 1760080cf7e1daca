import MitoCore
import MitoLinks
import Testing

@Suite struct LinkQueueTests {
    @Test func `frames written at once are delayed one by one`() {
        let model = LinkModel.OneWay(delay: .constant(.milliseconds(1)), bandwidth: 26_000)
        var together = queue(model)
        together.write(frame(0) + frame(26) + frame(0), at: .start)
        #expect(outcome(&together) == [at(2), at(4), at(5)])
        var apart = queue(model)
        for bytes in [frame(0), frame(26), frame(0)] { apart.write(bytes, at: .start) }
        #expect(outcome(&apart) == [at(2), at(4), at(5)])
    }

    @Test func `frames that arrive together come out together`() {
        var queue = queue(LinkModel.OneWay(delay: .constant(.milliseconds(1))))
        queue.write(frame(0) + frame(3), at: .start)
        let piece = queue.take()
        #expect(piece.range == 0..<55 && piece.isLast && queue.framesMoved == 2)
    }

    @Test func `what does not fit waits until there is room`() {
        var queue = queue(LinkModel.OneWay(queue: 60), buffer: 40)
        queue.write(frame(10) + frame(10) + frame(10), at: .start)
        #expect(queue.isFull)
        let first = queue.take()
        #expect(first.range == 0..<72)
        queue.admit(at: at(5))
        #expect(!queue.isFull && queue.next == at(5))
        let rest = queue.take()
        #expect(rest.range == 72..<108)
    }

    @Test func `a frame longer than the queue goes alone`() {
        var queue = queue(LinkModel.OneWay(queue: 0), buffer: 10)
        queue.write(frame(1_000), at: .start)
        queue.write(frame(0), at: .start)
        #expect(queue.nextCount == 1_026 && queue.isFull)
    }

    @Test func `the end comes after what waits for room`() {
        var queue = queue(LinkModel.OneWay(queue: 0), buffer: 0)
        queue.write(frame(0), at: .start)
        queue.write(frame(1), at: .start)
        queue.end(at: .start)
        var pieces: [Int] = []
        while queue.next != nil {
            pieces.append(queue.take().range.count)
            queue.admit(at: .start)
        }
        #expect(pieces == [26, 27, 0] && queue.isEmpty)
    }

    @Test func `the handshake is delayed line by line and counts no frame`() {
        var queue = queue(LinkModel.OneWay(bandwidth: 8_000), preface: .greeting)
        queue.write(Array("MITO001\nMITO002\n".utf8) + frame(0), at: .start)
        #expect(outcome(&queue).prefix(2) == [at(1), at(2)] && queue.framesMoved == 1)
    }

    @Test func `a preamble may come in parts`() {
        var queue = queue(LinkModel.OneWay(), preface: .preamble(5))
        queue.write([1, 2, 3], at: .start)
        queue.write([4, 5] + frame(2), at: .start)
        while queue.next != nil { _ = queue.take() }
        #expect(queue.framesMoved == 1)
    }

    @Test func `what is held comes out at once when it is released`() {
        var queue = queue(LinkModel.OneWay())
        queue.write(frame(0), at: .start)
        queue.perform(.hold(.both), .up, at: at(1))
        #expect(queue.next == nil)
        queue.perform(.release(.down), .up, at: at(2))
        #expect(queue.next == nil)
        queue.perform(.release(.up), .up, at: at(2))
        #expect(queue.next == .start)
    }

    @Test func `what was cut off is sent again when the link is mended`() {
        var queue = queue(LinkModel.OneWay(loss: Loss(retransmit: .milliseconds(70))))
        queue.write(frame(0), at: .start)
        queue.perform(.cut(.both), .up, at: at(1))
        queue.perform(.hold(.both), .up, at: at(1))
        queue.perform(.mend, .up, at: at(5))
        #expect(queue.next == nil)
        queue.perform(.release(.both), .up, at: at(9))
        #expect(queue.next == at(75))
    }

    @Test func `a link that breaks loses what is in it`() {
        var queue = queue(LinkModel.OneWay())
        queue.write(frame(0), at: .start)
        queue.perform(.reset, .up, at: at(5))
        queue.write(frame(0), at: at(5))
        let piece = queue.take()
        #expect(piece.isEnd && queue.isEmpty)
    }

    @Test func `another model counts from the next frame on`() {
        var queue = queue(LinkModel.OneWay(bandwidth: 26_000))
        queue.write(frame(0), at: .start)
        queue.perform(.set(LinkModel(delay: .constant(.milliseconds(9)))), .up, at: at(1))
        queue.write(frame(0), at: at(1))
        #expect(outcome(&queue) == [at(1), at(10)])
    }

    @Test func `frames that arrive together are counted once, with the first bytes that come out`() {
        var queue = queue(LinkModel.OneWay())
        queue.write(frame(1) + frame(2), at: .start)
        let first = queue.take(most: 30)
        #expect(first.frames == 2 && queue.framesMoved == 2)
        queue.abandon()
        #expect(queue.framesMoved == 2)
        var whole = self.queue(LinkModel.OneWay())
        whole.write(frame(1) + frame(2), at: .start)
        _ = whole.take(most: 30)
        #expect(whole.take().frames == 0 && whole.framesMoved == 2)
    }

    @Test func `a frame can overtake those that have not begun to come out`() {
        var queue = queue(LinkModel.OneWay())
        let isAlone = !queue.canBeOvertaken
        queue.write(frame(1), at: .start)
        queue.write(frame(2), at: .start)
        _ = queue.take(most: 5)
        queue.overtake(with: frame(9), at: .start)
        let lengths = (0..<3).map { _ in queue.take().bytes.count }
        #expect(isAlone && lengths == [27, 35, 28])
    }

    @Test func `a passage is kept for each frame`() {
        var queue = queue(LinkModel.OneWay(delay: .constant(.milliseconds(2)), bandwidth: 26_000))
        queue.keepsPassages = true
        queue.write(frame(0) + frame(26), at: .start)
        let passages = queue.takePassages()
        #expect(passages.map(\.ordinal) == [1, 2])
        #expect(passages.map(\.delay) == [.milliseconds(3), .milliseconds(4)])
    }

    @Test func `what nobody reads is lost`() {
        var queue = queue(LinkModel.OneWay())
        queue.write(frame(0), at: .start)
        queue.abandon()
        queue.write(frame(0), at: .start)
        queue.end(at: .start)
        #expect(queue.isEmpty && queue.next == nil)
    }

    /// When each piece comes out.
    private func outcome(_ queue: inout LinkQueue) -> [Instant] {
        var times: [Instant] = []
        while let next = queue.next {
            times.append(next)
            _ = queue.take()
        }
        return times
    }

    private func queue(
        _ model: LinkModel.OneWay, preface: FrameWalk.Preface = .none, buffer: Int = 1_000
    ) -> LinkQueue {
        LinkQueue(model, seed: 1, link: ContextID(1), .up, preface: preface, buffer: buffer)
    }

    private func frame(_ length: Int) -> [UInt8] {
        let message = Message(to: ContextID(1), handle: Handle(1000), payload: [UInt8](repeating: 7, count: length))
        var bytes: [UInt8] = []
        FrameHeader(message).write(to: &bytes)
        return bytes + message.payload
    }

    private func at(_ milliseconds: Int64) -> Instant { .start + .milliseconds(milliseconds) }
}
