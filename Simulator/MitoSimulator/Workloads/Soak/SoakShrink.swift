extension SoakPlan {
    /// What of a plan is kept, by numbers; what hangs on something that is left out goes with it.
    public struct Kept: Hashable, Sendable {
        public var members: [Int]
        public var deeds: [Int]
        public var faults: [Int]

        public init(members: [Int], deeds: [Int], faults: [Int]) {
            self.members = members
            self.deeds = deeds
            self.faults = faults
        }
    }

    /// Everything that the plan has.
    public var everything: Kept {
        Kept(members: members.map(\.number), deeds: deeds.map(\.number), faults: faults.map(\.number))
    }

    /// The plan with only what is kept, the root always.
    public func keeping(_ kept: Kept) -> SoakPlan {
        var plan = self
        var there = [0]
        plan.members = members.filter { member in
            let stays =
                member.number == 0
                || kept.members.contains(member.number) && there.contains(member.parent) && there.contains(member.asker)
            if stays { there.append(member.number) }
            return stays
        }
        plan.deeds = deeds.filter { kept.deeds.contains($0.number) && $0.kind.members.allSatisfy(there.contains) }
        plan.faults = faults.filter { kept.faults.contains($0.number) && $0.kind.members.allSatisfy(there.contains) }
        return plan
    }

    /// A smaller plan of which `isFailing` is still true: without the faults, deeds and contexts that it can do
    /// without, tried in that order, many at once before one by one.
    public func shrunk(while isFailing: (SoakPlan) -> Bool) -> SoakPlan {
        var best = self
        var size = Int.max
        while best.size < size {
            size = best.size
            best = best.shrunk(\.faults, while: isFailing)
            best = best.shrunk(\.deeds, while: isFailing)
            best = best.shrunk(\.members, while: isFailing)
        }
        return best
    }

    private var size: Int { members.count + deeds.count + faults.count }

    private func shrunk(_ part: WritableKeyPath<Kept, [Int]>, while isFailing: (SoakPlan) -> Bool) -> SoakPlan {
        var best = self
        var step = max(1, best.everything[keyPath: part].count)
        while step >= 1 {
            // The last first: the members that hang on others, the deeds that come late in the list.
            let numbers = Array(best.everything[keyPath: part].reversed())
            for start in stride(from: 0, to: numbers.count, by: step) {
                var kept = best.everything
                kept[keyPath: part].removeAll(where: numbers[start..<min(start + step, numbers.count)].contains)
                let smaller = best.keeping(kept)
                if smaller.size < best.size, isFailing(smaller) { best = smaller }
            }
            if step == 1 { break }
            step = step / 2
        }
        return best
    }
}

extension SoakPlan.Deed.Kind {
    /// The members without which it makes no sense.
    fileprivate var members: [Int] {
        switch self {
        case .call(let call): [call.caller, call.target] + call.function.members
        case .stream(let source, let target, _, _): [source, target]
        case .stray(let source, let target, _): [source, target]
        case .shutdown(let member, let by): [member, by]
        }
    }
}

extension SoakPlan.Function {
    fileprivate var members: [Int] {
        switch self {
        case .relay(let target, let inner): [target] + inner.members
        case .code(.ask(let targets, _)): targets
        case .code(.race(let target, _)), .code(.block(let target, _)): [target]
        default: []
        }
    }
}

extension SoakPlan.Fault.Kind {
    fileprivate var members: [Int] {
        switch self {
        case .kill(let member), .restart(let member), .reset(let member): [member]
        case .freeze(let member, _), .slow(let member, _), .delay(let member, _): [member]
        case .cut(let member, _, _), .hold(let member, _, _): [member]
        case .frame(let member, isOwn: _, _, _, nth: _): [member]
        case .spoof(let member, let other, let target, _): [member, other, target]
        }
    }
}
