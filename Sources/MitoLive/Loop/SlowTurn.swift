import MitoCore

/// Watches that no turn of the loop takes long: while one thing is done, everything else waits.
struct SlowTurn {
    /// What the loop was busy with.
    enum Work {
        case none
        case link(LinkID)
        case job(StaticString)
        case function(String)
        case deadline, launch, writing, telling
    }

    private var start: Instant
    private var last: Instant
    private var longest: (work: Work, took: Duration) = (.none, .zero)

    init(at now: Instant) { (start, last) = (now, now) }

    /// `work` was what happened since the last call.
    mutating func did(_ work: Work, at now: Instant) {
        let took = now - last
        if took > longest.took { longest = (work, took) }
        last = now
    }

    /// What to say about the turn; nil when it was short.
    var complaint: String? {
        let took = last - start
        guard took > Self.limit else { return nil }
        return "a turn of the loop took \(Self.rounded(took)), \(Self.rounded(longest.took)) of it for \(longest.work)"
    }

    private static let limit = Duration.milliseconds(50)

    private static func rounded(_ duration: Duration) -> Duration {
        .milliseconds(duration.nanoseconds / 1_000_000)
    }
}

/// The slow turns of a loop, of which not every one is told: a busy machine makes many.
struct SlowTurns {
    private var quietUntil = Instant(nanoseconds: .min)
    private var untold = 0

    /// What to say about a turn that is over; nil when it was short, or one was told not long ago.
    mutating func complaint(about turn: SlowTurn, at now: Instant) -> String? {
        guard let complaint = turn.complaint else { return nil }
        guard now >= quietUntil else {
            untold += 1
            return nil
        }
        defer { (quietUntil, untold) = (now + Self.quiet, 0) }
        return untold == 0 ? complaint : "\(complaint); \(untold) others were slow since the last such line"
    }

    private static let quiet = Duration.seconds(10)
}

extension SlowTurn.Work: CustomStringConvertible {
    var description: String {
        switch self {
        case .none: "waiting"
        case .link(let id): "what came in on link \(id.rawValue)"
        case .job(let label): "\(label)"
        case .function(let name): "the inline function \(name)"
        case .deadline: "what was due"
        case .launch: "starting a child"
        case .writing: "writing"
        case .telling: "telling the program"
        }
    }
}
