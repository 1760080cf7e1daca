import MitoCore
import MitoLinux
import Mitoscope

/// What the agent orders, carried out.
extension Loop {
    mutating func carryOut() {
        while launch == nil, let deed = Self.next(of: &agent, puttingAside: &deeds, at: now) {
            switch deed {
            case .block(let invocation, let duration): block(invocation, for: duration)
            case .perform(let performance): perform(performance)
            case .order(let output): carryOut(output.order, deed)
            }
        }
        agent.node.moveReady(to: &ready)
    }

    /// The next deed that is the loop's own business; those before it that only the program is told of are put aside.
    /// There may be thousands of these in a turn: the loop's parts are taken hold of once for all of them.
    private static func next(
        of agent: inout Agent, puttingAside deeds: inout [Agent.Deed], at now: Instant
    ) -> Agent.Deed? {
        while let deed = agent.poll(at: now) {
            guard deed.isForProgram else { return deed }
            deeds.append(deed)
        }
        return nil
    }

    private mutating func carryOut(_ order: Order, _ deed: Agent.Deed) {
        switch order {
        case .close(let link): close(link)
        case .launch(let plan): if isGuided { launch = plan } else { start(plan) }
        case .inflate(let link, let stream): agent.node.inflated(link, Inflate.text(of: stream), at: now)
        case .run: preconditionFailure("a driver runs no functions: the agent has to take this order")
        case .release(let link): nursery.release(link)
        case .leaveParent: ParentBond.release()
        case .shape(let link, let order): shape(link, by: order)
        case .up(let identity):
            shapeParentLink(of: identity)
            captureStdio()
            observe()
            deeds.append(deed)
        case .log(let record, let context):
            if settings.isLogging {
                let name = agent.node.name(of: context)
                let own = agent.node.identity?.id ?? .master
                Self.writeAside(isGuided) { log.write(record, from: context, name: name, own: own) }
            }
            deeds.append(deed)
        case .drain: drainStdio()
        case .exit(let reason):
            exit = (reason, deed)
            onDeed(deed)
        case .completed(_, let outcome):
            deeds.append(deed)
            if case .failed(let failure) = outcome, failure.kind == .timeout { hasTimedOut = true }
        case .connected, .deliver, .ending, .lost, .detached:
            preconditionFailure("what only the program is told of was put aside")
        }
    }

    /// Starts the child that another thread left to be started, and carries out what was to come then.
    mutating func launchPlanned() {
        guard let plan = launch else { return }
        launch = nil
        start(plan)
        carryOut()
    }

    private mutating func start(_ plan: LaunchPlan) {
        start(plan) { nursery, watchlist throws(StreamError) in try nursery.start(plan, on: watchlist) }
    }

    /// A child is there, or will be once the leader of its container is found, or never will be.
    private mutating func start(
        _ plan: LaunchPlan, _ begin: (Nursery, Watchlist) throws(StreamError) -> Nursery.Started?
    ) {
        // The child writes to the same file as soon as it is there.
        writeTrace()
        do throws(StreamError) {
            if let (link, process) = try begin(nursery, watchlist) {
                do throws(SystemError) {
                    try open(link)
                    shape(link, by: plan)
                } catch {
                    throw StreamError("Child start failed: \(error.reason)")
                }
                agent.node.launched(plan.link, process: process, at: now)
            }
        } catch {
            nursery.expectEnd(of: plan.link, at: now)
            agent.node.launchFailed(plan.link, error, at: now)
        }
        tick(.launch)
    }

    /// The search for the leader of a container is over.
    mutating func foundLeader(_ link: LinkID) {
        nursery.searchIsOver(link, on: watchlist)
        found.append(link)
    }

    /// Starts those whose containers' leaders have been looked for.
    mutating func startFound() {
        while !found.isEmpty {
            let link = found.removeFirst()
            guard let plan = nursery.plan(of: link) else { continue }
            start(plan) { nursery, watchlist throws(StreamError) in try nursery.startFound(link, on: watchlist) }
            carryOut()
        }
    }

    /// A child says why it could not enter its namespaces, or has entered them.
    mutating func readReport(of link: LinkID) {
        guard let failure = nursery.readReport(of: link, into: &buffer, on: watchlist) else { return }
        feed { agent, now in agent.node.launchFailed(link, failure, at: now) }
    }

    private mutating func block(_ invocation: InvocationID, for duration: Duration) {
        let mailbox = mailbox
        do throws(SystemError) {
            try dispatch.run {
                Machine.sleep(nanoseconds: duration.nanoseconds)
                _ = mailbox.put(
                    Job(label: "the end of a block") { agent, _, now in agent.unblocked(invocation, at: now) })
            }
        } catch {
            warn("a function could not block: \(error)")
            agent.unblocked(invocation, at: now)
        }
    }

    /// Runs the program's code where it wants to run. Whatever it does, the loop goes on.
    private mutating func perform(_ performance: Performance) {
        let (router, mailbox, dispatch) = (router, mailbox, dispatch)
        let invocation = performance.invocation.id
        // Functions run one after another, so that there is one to be named.
        LastWords.isRunning(performance.invocation.function)
        @Sendable func end(_ result: Result<Value, FunctionError>) {
            LastWords.isRunning(nil)
            _ = mailbox.put(
                Job(label: "the end of a function") { agent, _, now in
                    agent.finished(invocation, result, at: now)
                })
        }
        switch performance.body {
        case .steps: preconditionFailure("steps are performed by the agent")
        case .inline:
            let result = performance.run(router: router)
            LastWords.isRunning(nil)
            agent.finished(invocation, result, at: now)
            tick(.function(performance.invocation.function))
        case .blocking:
            do throws(SystemError) {
                try dispatch.run { end(performance.run(router: router)) }
            } catch {
                let type = "mitoscope.StreamError"
                agent.finished(invocation, .failure(FunctionError(type: type, message: "\(error)")), at: now)
            }
        case .async:
            let task = Task(executorPreference: dispatch) { end(await performance.run(router: router)) }
            performance.whenCancelled { task.cancel() }
        }
    }

    mutating func warn(_ text: String) {
        agent.node.log(LogRecord(logger: "mitoscope.broker", level: 30, message: text), at: now)
    }

    // MARK: Stdio

    private mutating func captureStdio() {
        guard settings.capturesStdio else { return }
        do throws(SystemError) {
            stdio = try StdioCapture(on: watchlist, hasErrorReader: settings.hasErrorReader)
            forwarding?.setLeastLevel(agent.node.configuration.logLevel)
        } catch {
            warn("stdio is not captured: \(error)")
        }
    }

    mutating func readStdio(_ channel: StdioCapture.Channel) {
        guard let stdio else { return }
        for record in stdio.read(channel, into: &buffer, on: watchlist) {
            feed { agent, now in agent.node.log(record, at: now) }
        }
        if stdio.isAtEnd { feed { agent, now in agent.node.drained(at: now) } }
    }

    /// The context ends, once all that was printed has been sent.
    private mutating func drainStdio() {
        guard let stdio else { return agent.node.drained(at: now) }
        stdio.close()
    }
}

extension Agent.Deed {
    /// Is it nothing but something to tell the program?
    fileprivate var isForProgram: Bool {
        guard case .order(let output) = self else { return false }
        return switch output.order {
        case .connected, .deliver, .ending, .lost, .detached: true
        case .close, .launch, .release, .leaveParent, .inflate, .shape, .up, .run, .completed, .log, .drain, .exit:
            false
        }
    }
}
