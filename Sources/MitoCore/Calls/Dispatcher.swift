import DequeModule

/// The functions that others called here: strictly one at a time, in the order of arrival.
struct Dispatcher: Sendable {
    /// A call that came in, and where its answer goes.
    struct Job: Sendable {
        var invocation: Invocation
        var chain: String?
        var replyTo: Handle
    }

    private var queue = Deque<Job>()
    private(set) var current: Job?
    /// The first failure of each chain: later calls of the chain get it without running.
    private var failures: [String: String] = [:]
    private var nextID: UInt64 = 1

    var count: Int { queue.count + (current == nil ? 0 : 1) }

    mutating func makeID() -> InvocationID {
        defer { nextID += 1 }
        return InvocationID(nextID)
    }

    mutating func enqueue(_ job: Job) { queue.append(job) }

    /// The next job to run, when none is running.
    mutating func start() -> Job? {
        guard current == nil, let job = queue.popFirst() else { return nil }
        current = job
        return job
    }

    /// The job that just ended; nil when it is not the one that runs.
    mutating func end(_ id: InvocationID) -> Job? {
        guard let job = current, job.invocation.id == id else { return nil }
        current = nil
        return job
    }

    func failure(of chain: String?) -> String? { chain.flatMap { failures[$0] } }
    mutating func remember(_ failure: String, of chain: String) { failures[chain] = failure }
    mutating func forget(_ chain: String) { failures[chain] = nil }

    /// Everything that will never run now, the running one first.
    mutating func abandon() -> [Job] {
        let jobs = (current.map { [$0] } ?? []) + queue
        current = nil
        queue = []
        return jobs
    }
}
