import MitoCore
import MitoLinks

/// The frame faults of a world that have not struck yet, and what they do to what is written.
struct FrameRules {
    init(seed: UInt64) { bits = Random(seed: seed, stream: "corrupted bits") }

    var isEmpty: Bool { rules.isEmpty }

    /// - Parameter name: what the strike is called in the trace.
    mutating func add(_ fault: FrameFault, named name: String) {
        rules.append(Rule(fault: fault, name: name, left: max(1, fault.nth)))
    }

    /// One frame that was struck.
    struct Strike {
        var fault: FrameFault
        var name: String
        var header: FrameHeader
        /// How many frames were written with it and behind it.
        var behind = 0
    }

    /// Writes bytes to a conduit as far as the rules let it, and returns what they struck.
    mutating func write(_ bytes: [UInt8], to conduit: inout Conduit, at now: Instant) -> [Strike] {
        var strikes: [Strike] = []
        var start = 0
        for unit in conduit.queue.units(of: bytes) {
            let part = Array(bytes[start..<unit.end])
            start = unit.end
            guard unit.isFrame else {
                conduit.queue.write(part, at: now)
                continue
            }
            for index in strikes.indices { strikes[index].behind += 1 }
            if let strike = write(frame: part, to: &conduit, at: now) { strikes.append(strike) }
        }
        return strikes
    }

    // MARK: Parts

    private struct Rule {
        var fault: FrameFault
        var name: String
        /// It strikes when so many more have matched.
        var left: Int
    }

    private var rules: [Rule] = []
    private var bits: Random

    private mutating func write(frame: [UInt8], to conduit: inout Conduit, at now: Instant) -> Strike? {
        // A node writes what it could read itself.
        guard let header = try? FrameHeader(frame.span, at: 0, payloadMax: .max),
            let rule = rule(for: header, conduit)
        else {
            conduit.queue.write(frame: frame, at: now)
            return nil
        }
        switch rule.fault.kind {
        case .delay(let duration): conduit.queue.write(frame: frame, at: now, extra: duration)
        case .drop: break
        case .duplicate:
            conduit.queue.write(frame: frame, at: now)
            conduit.queue.write(frame: frame, at: now)
        case .corrupt: conduit.queue.write(frame: corrupted(frame), at: now)
        case .overtake: conduit.queue.overtake(with: frame, at: now)
        }
        return Strike(fault: rule.fault, name: rule.name, header: header)
    }

    /// The rule that strikes this frame: the first, of several; each counts every frame that matches it.
    private mutating func rule(for header: FrameHeader, _ conduit: Conduit) -> Rule? {
        var found: Rule?
        for place in rules.indices.reversed() {
            let fault = rules[place].fault
            guard fault.pattern.matches(header, from: conduit.sender, above: conduit.lower),
                fault.kind != .overtake || conduit.queue.canBeOvertaken
            else { continue }
            rules[place].left -= 1
            if rules[place].left <= 0 { found = rules.remove(at: place) }
        }
        return found
    }

    private mutating func corrupted(_ frame: [UInt8]) -> [UInt8] {
        var frame = frame
        let bit = bits.below(UInt64(frame.count) * 8)
        frame[Int(bit / 8)] ^= 1 << (bit % 8)
        return frame
    }
}

extension FrameFault {
    /// What a trace says of the frame that it struck.
    var strikeWords: String {
        switch kind {
        case .delay(let duration): "frame delayed \(duration)"
        case .drop: FrameStrike.drop.rawValue
        case .duplicate: FrameStrike.duplicate.rawValue
        case .corrupt: FrameStrike.corrupt.rawValue
        case .overtake: FrameStrike.overtake.rawValue
        }
    }
}
