import MitoCore
import MitoLinks

extension SoakPlan {
    /// Draws tree number `tree` of a seed.
    public init(seed: UInt64, tree: Int) {
        var random = Random(seed: seed, stream: "soak tree \(tree)")
        self.init(
            seed: seed, tree: tree, settings: Settings(from: &random), members: Self.members(from: &random), deeds: [],
            faults: [])
        let count = 5 + random.below(3 * members.count + 20)
        deeds = (0..<count).map { Deed(number: $0, at: random.moment(), kind: deed(from: &random)) }
        let blows = random.chance(Ratio(1, 4)) ? 0 : 1 + random.below(2 + members.count / 8)
        faults = (0..<blows).map { number in
            Fault(number: number, at: random.moment(), kind: fault(from: &random))
        }
    }

    // MARK: The tree

    private static func members(from random: inout Random) -> [Member] {
        let count = random.treeSize()
        let shape = random.below(4)
        var members = [Member(number: 0, parent: 0, asker: 0, late: nil)]
        for number in 1..<count {
            let parent =
                switch shape {
                case 0: random.below(number)
                case 1: random.chance(Ratio(3, 4)) ? number - 1 : random.below(number)
                case 2: random.below(min(number, 4))
                default: number - 1 - random.below(min(number, 6))
                }
            let isLate = random.chance(Ratio(1, 6)) || members[parent].late != nil
            let earliest = members[parent].late.map { $0 + .milliseconds(500) } ?? .zero
            let late = isLate ? max(random.moment(), earliest) : nil
            let asker = random.chance(Ratio(1, 2)) ? 0 : random.chance(Ratio(1, 2)) ? parent : members[parent].parent
            members.append(Member(number: number, parent: parent, asker: asker, late: late))
        }
        return members
    }

    // MARK: What programs ask for

    private func deed(from random: inout Random) -> Deed.Kind {
        let someone = random.below(members.count)
        let other = random.below(members.count)
        switch random.below(24) {
        case 0, 1:
            let size = random.chance(Ratio(1, 2)) ? random.below(20_000) : nil
            return .stream(from: someone, to: other, count: random.below(40), size: size)
        case 2: return .stray(from: someone, to: other, handle: UInt32(random.below(2_000)))
        case 3 where members.count > 1 && random.chance(Ratio(1, 4)):
            let ended = 1 + random.below(members.count - 1)
            return .shutdown(ended, by: random.chance(Ratio(1, 2)) ? 0 : members[ended].parent)
        default: return .call(call(by: someone, of: other, from: &random))
        }
    }

    // MARK: What befalls them

    private func fault(from random: inout Random) -> Fault.Kind {
        let victim = 1 + random.below(members.count - 1)
        let time = Duration.milliseconds(Int64(random.below(4_000)))
        let ways = LinkOrder.Ways.allCases[random.below(3)]
        switch random.below(18) {
        case 10...16:
            let (kind, frames) = random.frameFault()
            let isOwn = random.chance(Ratio(1, 2))
            return .frame(
                isOwn ? random.below(members.count) : victim, isOwn: isOwn, kind, frames, nth: 1 + random.below(3))
        case 0: return .restart(victim)
        case 1: return .freeze(victim, time)
        case 2: return .cut(victim, ways, time)
        case 3: return .hold(victim, ways, time)
        case 4: return .reset(victim)
        case 5: return .slow(victim, .milliseconds(Int64(random.below(300))))
        case 6: return .delay(victim, time)
        case 7:
            let handles: [UInt32] = [101, 103, 104, 105, 106, 1_000, 1_001, 1_000_000]
            return .spoof(
                victim, as: random.below(members.count), to: random.below(members.count),
                handle: handles[random.below(handles.count)])
        default: return .kill(victim)
        }
    }

    // MARK: Calls

    private func call(by caller: Int, of target: Int, from random: inout Random) -> Call {
        var call = Call(caller: caller, target: target, function: function(depth: 0, from: &random))
        if random.chance(Ratio(1, 3)) { call.timeout = .milliseconds(1 + Int64(random.below(3_000))) }
        if random.chance(Ratio(1, 8)) { call.chain = random.below(3) }
        if random.chance(Ratio(1, 12)) { call.isNoReply = true }
        if random.chance(Ratio(1, 10)) { call.patience = .milliseconds(Int64(random.below(2_000))) }
        return call
    }

    private func function(depth: Int, from random: inout Random) -> Function {
        switch random.below(depth < 4 ? 29 : 23) {
        case 0..<6: .echo(bytes: random.chance(Ratio(1, 10)) ? random.below(70_000) : random.below(100))
        case 6, 7: .add(random.below(1_000), random.below(1_000))
        case 8, 9: .sleep(.milliseconds(Int64(random.below(2_000))))
        case 10: .block(.milliseconds(Int64(random.below(500))))
        case 11, 12: .give(random.below(1_000))
        case 13, 14: .fail
        case 15: random.chance(Ratio(1, 4)) ? .hang : .whoami
        case 16: .whoami
        case 17: .unknown
        case 18: .malformed
        case 19: .forgetChain
        case 20, 21, 22: .code(code(from: &random))
        default: .relay(to: random.below(members.count), function(depth: depth + 1, from: &random))
        }
    }
}

extension SoakPlan {
    private func code(from random: inout Random) -> Code {
        let target = random.below(members.count)
        let time = Duration.milliseconds(1 + Int64(random.below(1_000)))
        return switch random.below(6) {
        case 0: .ask((0...random.below(4)).map { _ in random.below(members.count) }, time)
        case 1: .race(target, time)
        case 2: .block(target, time)
        case 3: .cancel(random.below(6))
        case 4: .tally(random.below(8))
        default: .count(random.below(12))
        }
    }
}

extension SoakPlan.Settings {
    fileprivate init(from random: inout Random) {
        self.init()
        switch random.below(6) {
        case 0: link = LinkModel()
        case 1: link = LinkModel(.init(delay: .uniform(.zero, .milliseconds(200)), bandwidth: 1_000_000))
        case 2: link = LinkModel(up: .init(delay: .constant(.milliseconds(3))), down: .init(bandwidth: 100_000))
        default: break
        }
        isUnidirectional = random.chance(Ratio(1, 8))
        if random.chance(Ratio(1, 8)) { messageBytesMax = 4_096 }
        if random.chance(Ratio(1, 8)) {
            // Dead messages get twice the room, which no single message may take up.
            queueBytesMax = 32_768
            messageBytesMax = min(messageBytesMax, queueBytesMax / 2)
        }
    }
}

extension Random {
    /// A number below `bound`, which is at least 1.
    fileprivate mutating func below(_ bound: Int) -> Int { Int(below(UInt64(bound))) }

    /// What happens to a frame, and to which. A bit of a request may be what makes it ask for a billion items, so that
    /// only frames that ask for nothing become others.
    fileprivate mutating func frameFault() -> (FrameFault.Kind, FrameKind?) {
        let frames = chance(Ratio(1, 2)) ? nil : Self.struckKinds[below(Self.struckKinds.count)]
        switch below(7) {
        case 0, 1, 2: return (.drop, frames)
        case 3, 4: return (.duplicate, frames)
        case 5: return (.overtake, frames)
        default:
            let harmless: [FrameKind] = [.reply, .dead, .log, .addRoute, .delRoute]
            return (.corrupt, harmless[below(harmless.count)])
        }
    }

    /// Kinds that a tree without Python sends often.
    private static let struckKinds: [FrameKind] = [
        .call, .reply, .dead, .log, .shutdown, .other, .addRoute, .delRoute,
    ]

    /// Some moment of the window.
    fileprivate mutating func moment() -> Duration {
        .nanoseconds(Int64(below(UInt64(SoakPlan.window.nanoseconds))))
    }

    /// 2 to 200: most trees are small, where one sees more of them.
    fileprivate mutating func treeSize() -> Int {
        switch below(6) {
        case 0, 1, 2: 2 + below(10)
        case 3, 4: 10 + below(40)
        default: 50 + below(151)
        }
    }
}
