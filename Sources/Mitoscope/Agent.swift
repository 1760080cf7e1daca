public import MitoCore

/// A whole context as a value: a node and the functions it runs.
///
/// A driver feeds facts and commands to `node`, and drains `poll`, which is the node's with the functions' own work
/// taken care of: a function that sleeps, calls, streams or collects never holds the driver up. Like the node it has
/// no clock and does no I/O, so a copy fed the same facts does the same things.
///
/// ```swift
/// var agent = Agent(node: Node(childAwaiting: length), functions: BuiltInFunctions.all)
/// agent.node.received(bytes, on: .parent, at: now)
/// while let deed = agent.poll(at: now) { perform(deed) }
/// ```
public struct Agent: Sendable {
    public var node: Node

    // What follows is shared by the files of `Functions/`, one for each thing that a function does.
    var functions: FunctionTable
    var running: RunningFunction?
    /// Does one run? It is large to look into.
    private var isRunning = false
    var inboxes = InboxTable()
    /// What the function that runs wants of the driver and has not told it yet. One runs, so there is one at most.
    var errand: Deed?
    /// Links on which more waits than their driver wants to hold.
    var congestedLinks: Set<LinkID> = []

    /// A context that will run `functions`; of two with one name the later counts.
    public init(node: Node, functions: [any ImageFunction]) {
        self.node = node
        self.functions = FunctionTable(functions)
    }

    /// What its node says that it is: the library's version, and the functions that others may call by name.
    public var build: Build { Build(version: Mitoscope.version, functions: functions.names) }

    /// `deadline` has come.
    public mutating func expired(at now: Instant) {
        if let due = node.deadline, due <= now { node.expired(at: now) }
        guard let wake, wake <= now else { return }
        resume(at: now)
    }

    /// The sleep that `.block` asked for is over.
    public mutating func unblocked(_ invocation: InvocationID, at now: Instant) {
        guard running?.id == invocation, running?.wait == .thread else { return }
        resume(at: now)
    }

    /// The program's code that `.perform` asked for has ended.
    public mutating func finished(
        _ invocation: InvocationID, _ result: Result<Value, FunctionError>, at now: Instant
    ) {
        guard running?.id == invocation, running?.wait == .program else { return }
        finish(result, at: now)
    }

    /// The next thing to do in the world; nil when there is nothing until the next fact or command.
    public mutating func poll(at now: Instant) -> Deed? {
        while errand != nil || node.hasOrders {
            if errand != nil {
                defer { errand = nil }
                return errand
            }
            guard let output = node.poll() else { return nil }
            if !takes(output.order, at: now) { return .order(output) }
        }
        settleDeadline()
        return nil
    }

    /// When `expired` wants to be called next, as it was when `poll` had nothing more. It has come already when a
    /// function has more to send than one turn holds.
    ///
    /// Stored: a driver asks after every event, and a computed one has the agent copied.
    public private(set) var deadline: Instant?

    /// A function begins, or none runs any more.
    mutating func setRunning(_ function: RunningFunction?) {
        isRunning = function != nil
        running = function
    }

    /// To be called after everything that may move the deadline and that no `poll` follows.
    mutating func settleDeadline() {
        deadline = node.deadline
        guard isRunning, let wake else { return }
        deadline = deadline.map { min($0, wake) } ?? wake
    }

    /// When the function that runs goes on by itself; nil while it waits for news.
    private var wake: Instant? {
        switch running?.wait {
        case .until(let instant): instant
        case .turn(let stream): isHeldUp(stream) ? nil : running?.turn
        case .program, .thread, .forEver, .call, .connect, .items, nil: nil
        }
    }

    /// Something for the driver to do.
    public enum Deed: Sendable {
        /// An order of the node, unless it was the agent's own business.
        case order(Output)
        /// Block the thread that runs functions for this long, then say `unblocked`.
        case block(InvocationID, Duration)
        /// Run the program's code where its body wants to run, then say `finished`.
        case perform(Performance)
    }
}

// MARK: Orders of the node

extension Agent {
    /// Takes an order that concerns the functions here; the rest is the driver's.
    private mutating func takes(_ order: Order, at now: Instant) -> Bool {
        switch order {
        case .run(let invocation):
            begin(invocation, at: now)
            return true
        case .completed(let call, let outcome):
            guard running?.wait == .call(call) else { return false }
            called(outcome, at: now)
            return true
        case .connected(let connect, let result):
            guard running?.wait == .connect(connect) else { return false }
            connected(result, at: now)
            return true
        case .deliver(let handle, let message):
            guard inboxes.isOpen(handle) else { return false }
            delivered(message, to: handle, at: now)
            return true
        case .up:
            addBootFunctions(at: now)
            return false
        case .lost(let context):
            lost(context, at: now)
            return false
        case .exit:
            setRunning(nil)
            (errand, inboxes) = (nil, InboxTable())
            return false
        case .close(let link):
            congestedLinks.remove(link)
            return false
        case .ending:
            running?.cancellation?.cancel()
            return false
        case .launch, .drain, .inflate, .shape, .log, .release, .leaveParent, .detached:
            return false
        }
    }

    /// What the parent gave this context is registered before anything can be called.
    private mutating func addBootFunctions(at now: Instant) {
        do throws(FunctionError) {
            functions.add(try ScriptedFunction.functions(inBoot: node.bootOptions))
        } catch {
            node.log(LogRecord(logger: "mitoscope", level: 40, message: "\(error.type): \(error.message)"), at: now)
        }
    }

    private mutating func begin(_ invocation: Invocation, at now: Instant) {
        precondition(running == nil, "the node runs one function at a time: this one must be finished first")
        guard let identity = node.identity else {
            preconditionFailure("a call reached a context that does not know who it is")
        }
        do throws(FunctionError) {
            let body = try functions.body(of: invocation)
            if case .steps(let steps) = body {
                setRunning(RunningFunction(invocation, try steps(invocation, identity)))
                advance(at: now)
            } else {
                setRunning(RunningFunction(invocation))
                running?.wait = .program
                let performance = Performance(invocation: invocation, identity: identity, body: body)
                running?.cancellation = performance.cancellation
                errand = .perform(performance)
            }
        } catch {
            node.finished(invocation.id, .failure(error), at: now)
        }
    }

    private mutating func connected(_ result: Result<ContextID, StreamError>, at now: Instant) {
        switch result {
        case .success(let context):
            running?.result = .context(context, name: node.name(of: context).map { Text($0) })
            resume(at: now)
        case .failure(let error):
            finish(.failure(FunctionError(Failure(.stream, error.message))), at: now)
        }
    }

    private mutating func called(_ outcome: Outcome, at now: Instant) {
        switch outcome {
        case .value(let value):
            running?.result = value
            resume(at: now)
        case .failed(let failure):
            finish(.failure(FunctionError(failure)), at: now)
        }
    }
}
