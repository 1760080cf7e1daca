public import MitoCore
public import MitoTrace

/// Watches a run through its trace, for one thing that must hold of it. It sees each record once, in order, in a time
/// that does not grow with the run, and remembers what is open, not what is over.
///
/// ```swift
/// var checker = CallsEndOnce()
/// for record in records { checker.observe(record) }
/// for violation in checker.finish() { print(violation) }
/// ```
public protocol Checker: Sendable {
    /// What it watches.
    var invariant: Invariant { get }
    /// Takes the next record of the run.
    mutating func observe(_ record: TraceRecord)
    /// The run is at rest: whatever must hold then is looked at. It may go on afterwards.
    mutating func rested()
    /// The run is over: everything that was wrong with it, in the order in which it was found.
    mutating func finish() -> [Violation]
}

extension Checker {
    public mutating func rested() {}
}

/// An invariant that did not hold: what is wrong, where, and which record shows it.
///
/// `routes-converge: context 2, record 71, 12ms: it has a route to 4, which is gone`
public struct Violation: Hashable, Sendable, CustomStringConvertible {
    public var invariant: Invariant
    /// Where it is wrong.
    public var context: ContextID
    /// The index of the record that shows it; where something did not happen, of the one after which it should have.
    /// 0 where no record speaks of it.
    public var record: UInt64
    /// When that was.
    public var at: Instant
    public var what: String

    public init(_ invariant: Invariant, in context: ContextID, record: UInt64, at: Instant, _ what: String) {
        self.invariant = invariant
        self.context = context
        self.record = record
        self.at = at
        self.what = what
    }

    public var description: String {
        let place = record == 0 ? "" : ", record \(record)"
        return "\(invariant.rawValue): context \(context)\(place), \(Duration(nanoseconds: at.nanoseconds)): \(what)"
    }
}

/// What one checker found: the first of it in full, since one defect may show in every record.
struct Findings: Sendable {
    let invariant: Invariant
    private var violations: [Violation] = []
    private var others = 0

    init(_ invariant: Invariant) { self.invariant = invariant }

    mutating func add(_ what: String, by record: TraceRecord) {
        add(what, in: record.context, record.index, record.event.at)
    }

    mutating func add(_ what: String, in context: ContextID, _ record: UInt64, _ at: Instant) {
        guard violations.count < Self.violationsMax else { return others += 1 }
        violations.append(Violation(invariant, in: context, record: record, at: at, what))
    }

    /// All of it, the count of what was left out in the last one's words.
    mutating func take() -> [Violation] {
        if others > 0 { violations[violations.count - 1].what += "; and \(others) more" }
        defer { (violations, others) = ([], 0) }
        return violations
    }

    private static let violationsMax = 50
}
