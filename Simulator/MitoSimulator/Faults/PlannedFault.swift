public import MitoCore
public import MitoLinks

/// A fault in the tree of a simulated program: to which context, by name, and when.
///
/// The name is the one that the program gives, `router.local(name: "db")`. Of several contexts with that name the
/// youngest one that runs is meant. The time counts from the beginning of the run.
/// ```swift
/// let run = try withSimulatedRouter(
///     seed: 7, functions: image,
///     faults: [.kill("db", at: .seconds(1)), .cut("web", at: .seconds(2), for: .seconds(5))],
///     program)
/// ```
/// The trace has each as a command of the world. One that comes when no such context runs does nothing:
/// `SimulatedRun.missed` has it. If there never was one with that name, the run throws `NoSuchContext`.
public struct PlannedFault: Hashable, Sendable {
    /// The context that it happens to, or whose link to its parent it happens to.
    public let name: String
    /// From the beginning of the run.
    public let time: Duration
    /// How long it lasts; nil = for good.
    public let duration: Duration?

    private let deed: Deed

    private enum Deed: Hashable {
        case kill, freeze
        case link(LinkOrder)
        case skew(Duration, Drift)
        case frames(FrameFault)
    }

    private init(_ deed: Deed, _ name: String, at time: Duration, for duration: Duration? = nil) {
        self.deed = deed
        self.name = name
        self.time = time
        self.duration = duration
    }

    // MARK: What can be planned

    /// The process ends without a farewell, as of a power failure or `kill -9`.
    public static func kill(_ name: String, at time: Duration) -> PlannedFault { PlannedFault(.kill, name, at: time) }

    /// The process stops where it is: it reads nothing, sends nothing and misses its timers, until its time is over.
    public static func freeze(_ name: String, at time: Duration, for duration: Duration? = nil) -> PlannedFault {
        PlannedFault(.freeze, name, at: time, for: duration)
    }

    /// Nothing gets through the link to the parent, and neither end can tell; what waits is sent again afterwards.
    public static func cut(
        _ name: String, _ ways: LinkOrder.Ways = .both, at time: Duration, for duration: Duration? = nil
    ) -> PlannedFault {
        PlannedFault(.link(.cut(ways)), name, at: time, for: duration)
    }

    /// Anything else that can be done to the link to the parent: `.reset` breaks it, `.set` makes it another one.
    public static func link(_ name: String, _ order: LinkOrder, at time: Duration) -> PlannedFault {
        PlannedFault(.link(order), name, at: time)
    }

    /// The clock is set forward, or back, and from then on is fast or slow.
    public static func skew(
        _ name: String, by offset: Duration, drift: Drift = .none, at time: Duration
    ) -> PlannedFault {
        PlannedFault(.skew(offset, drift), name, at: time)
    }

    /// Something happens to one frame on the link to the parent, of those sent from then on.
    public static func frames(_ name: String, _ fault: FrameFault, at time: Duration) -> PlannedFault {
        PlannedFault(.frames(fault), name, at: time)
    }

    // MARK: What comes of it

    /// It, now that the context is known.
    func fault(of context: ContextID) -> Fault {
        switch deed {
        case .kill: return .kill(context)
        case .freeze: return .freeze(context)
        case .link(let order): return .link(context, order)
        case .skew(let offset, let drift): return .skew(context, by: offset, drift: drift)
        case .frames(var fault):
            fault.pattern.link = context
            return .frames(fault)
        }
    }

    /// What ends it; nil for what has no end.
    func end(of context: ContextID) -> Fault? {
        switch deed {
        case .freeze: .thaw(context)
        case .link(.cut): .link(context, .mend)
        case .kill, .link, .skew, .frames: nil
        }
    }
}

extension PlannedFault: CustomStringConvertible {
    /// `kill db at 1s`, `cut web at 0s for 5s`.
    public var description: String {
        let what =
            switch deed {
            case .kill: "kill \(name)"
            case .freeze: "freeze \(name)"
            case .link(let order): "\(order) \(name)"
            case .skew(let offset, _): "skew \(name) by \(offset)"
            case .frames(let fault): "\(fault) a frame of \(name)"
            }
        return "\(what) at \(time)" + (duration.map { " for \($0)" } ?? "")
    }
}

/// A fault was planned for a context that the program never started, so that the run shows nothing of what was asked.
///
/// ```swift
/// do { try withSimulatedRouter(seed: 7, functions: image, faults: [.kill("bd", at: .seconds(1))], program) }
/// catch let error as NoSuchContext { print(error) }
/// // kill bd at 1s: no context was started under this name; there were web, db
/// ```
public struct NoSuchContext: Error, Hashable, Sendable {
    public let fault: PlannedFault
    /// The contexts that there were, in the order of their start.
    public let names: [String]
}

extension NoSuchContext: CustomStringConvertible {
    /// One line: the fault, and the names that would have done.
    public var description: String {
        let others = names.isEmpty ? "there was none" : "there were \(names.joined(separator: ", "))"
        return "\(fault): no context was started under this name; \(others)"
    }
}
