import DequeModule

/// The functions that others called here: strictly one at a time, in the order of arrival.
struct Dispatcher: Sendable {
    /// A call that came in, and where its answer goes.
    struct Job: Sendable {
        var invocation: Invocation
        var chain: String?
        /// The chain whose failure is to be forgotten, which is then all that it does.
        var forgets: String?
        var replyTo: Handle
        /// How long its payload was.
        var bytes: Int
        /// Its caller is gone: its chain is forgotten after the last of such.
        var isOrphan = false
    }

    /// Why a chain failed, and whose it is.
    private struct ChainFailure: Sendable {
        var text: String
        var caller: ContextID
    }

    private var queue = Deque<Job>()
    private(set) var current: Job?
    /// Roughly what the waiting calls take up.
    private(set) var waitingBytes = 0
    /// The first failure of each chain: later calls of the chain get it without running.
    private var failures: [String: ChainFailure] = [:]
    /// The failed chains, the latest last: callers may never reset theirs, so that the oldest are forgotten.
    private var failedChains = Deque<String>()
    private var nextID: UInt64 = 1

    /// The job that runs, then those that wait.
    var jobs: [Job] { (current.map { [$0] } ?? []) + queue }

    var count: Int { queue.count + (current == nil ? 0 : 1) }

    mutating func makeID() -> InvocationID {
        defer { nextID += 1 }
        return InvocationID(nextID)
    }

    mutating func enqueue(_ job: Job) {
        queue.append(job)
        waitingBytes += job.bytes + Self.jobBytes
    }

    /// The next job to run, when none is running.
    mutating func start() -> Job? {
        guard current == nil, let job = queue.popFirst() else { return nil }
        waitingBytes -= job.bytes + Self.jobBytes
        current = job
        return job
    }

    /// The job that just ended; nil when it is not the one that runs.
    mutating func end(_ id: InvocationID) -> Job? {
        guard let job = current, job.invocation.id == id else { return nil }
        current = nil
        return job
    }

    /// All that follows from a job's end is done: the last of an orphaned chain takes its failure along.
    mutating func forgetOrphan(_ job: Job) {
        guard job.isOrphan, let chain = job.chain, !isWaiting(chain) else { return }
        forget(chain)
    }

    private func isWaiting(_ chain: String) -> Bool {
        current?.chain == chain || queue.contains { $0.chain == chain }
    }

    func failure(of chain: String?) -> String? { chain.flatMap { failures[$0]?.text } }

    /// Whose each failed chain is of which nothing waits here, the chain that failed first before others.
    var chainCallers: [ContextID] {
        failedChains.compactMap { chain in isWaiting(chain) ? nil : failures[chain]?.caller }
    }

    mutating func remember(_ failure: String, of chain: String, by caller: ContextID) {
        guard failures.updateValue(ChainFailure(text: failure, caller: caller), forKey: chain) == nil else { return }
        failedChains.append(chain)
        if failedChains.count > Self.failedChainsMax { failures[failedChains.removeFirst()] = nil }
    }

    mutating func forget(_ chain: String) {
        guard failures.removeValue(forKey: chain) != nil, let place = failedChains.firstIndex(of: chain) else { return }
        failedChains.remove(at: place)
    }

    /// `caller` is gone: nobody will go on with its chains, or reset them. What of a chain is here already still ends
    /// as it would have.
    mutating func forgetChains(of caller: ContextID) {
        if current?.invocation.source == caller { current?.isOrphan = true }
        for place in queue.indices where queue[place].invocation.source == caller { queue[place].isOrphan = true }
        for chain in failedChains where failures[chain]?.caller == caller && !isWaiting(chain) { forget(chain) }
    }

    /// Everything that will never run now, the running one first.
    mutating func abandon() -> [Job] {
        let jobs = (current.map { [$0] } ?? []) + queue
        current = nil
        queue = []
        waitingBytes = 0
        return jobs
    }

    private static let failedChainsMax = 1024
    /// What a call takes up beside its payload.
    private static let jobBytes = 512
}
