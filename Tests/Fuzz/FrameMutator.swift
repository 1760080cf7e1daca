import MitoCore

/// Streams of frames that nodes in the middle of their life may meet: mostly well-formed, with addresses, authorities
/// and payloads that do not belong together.
struct FrameMutator {
    private let payloads: PickleMutator

    init(payloads: PickleMutator) { self.payloads = payloads }

    /// Up to four frames, seldom with a broken header or end.
    func stream(_ random: inout Random) -> [UInt8] {
        var bytes: [UInt8] = []
        for _ in 0...random.below(4) {
            let start = bytes.count
            let message = message(&random)
            FrameHeader(message).write(to: &bytes)
            bytes += message.payload
            if random.oneIn(24) { bytes[start + random.below(FrameHeader.byteCount)] = random.byte() }
        }
        if random.oneIn(10) { bytes.removeLast(random.below(bytes.count)) }
        return bytes
    }

    private func message(_ random: inout Random) -> Message {
        let handle = Handle(random.oneIn(20) ? UInt32(random.below(1100)) : random.pick(Self.handles))
        let replyTo = Handle(random.pick([0, 0, 0, 999, 1000, 1001, 1005, UInt32(truncatingIfNeeded: random.next())]))
        return Message(
            to: context(&random), from: context(&random), authority: context(&random), handle: handle,
            replyTo: replyTo, encoding: random.pick([.legacy, .pickle, .pickle, .binary]),
            payload: payload(for: handle, &random))
    }

    private func payload(for handle: Handle, _ random: inout Random) -> [UInt8] {
        switch handle {
        case _ where random.oneIn(6): return random.bytes(random.below(20))
        case .addRoute, .delRoute:
            return Array(random.pick(["2", "2:web", "3:", ":", "99999999999", "-1", "1:é"]).utf8)
        case .forwardLog: return Array(random.pick(["a\u{0}20\u{0}b", "a\u{0}x\u{0}b", "\u{0}\u{0}", "a"]).utf8)
        case .callFunction where random.oneIn(2): return random.pick(Self.calls)
        default: return payloads.payload(&random)
        }
    }

    private func context(_ random: inout Random) -> ContextID {
        ContextID(
            random.oneIn(20) ? UInt32(truncatingIfNeeded: random.next()) : random.pick([0, 0, 1, 1, 2, 2, 3, .max]))
    }

    private static let handles: [UInt32] = Array(100...113) + [101, 101, 103, 104, 900, 999, 1000, 1001, 1002]

    private static let calls: [[UInt8]] = [
        Value.tuple([.none, "demo", .none, "echo", .tuple([1]), .keywords([])]),
        .tuple(["chain", "demo", "Type", "echo", .tuple([]), .dict([])]),
        .tuple([.none, "mitogen.parent", .none, "_proxy_connect", .tuple(["n", "local", .dict([])]), .keywords([])]),
        .tuple(["chain", "mitogen.core", "Dispatcher", "forget_chain", .tuple(["chain"]), .keywords([])]),
        .tuple([.none, "demo"]),
    ].map { $0.pickled() }
}
