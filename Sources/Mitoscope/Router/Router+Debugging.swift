import MitoCore

extension Router {
    /// From here on, this context and every one that is started below it writes a verbose log to a file of its own:
    /// what happened, event by event. A context started with the option `debug` does so alone, with all below it.
    public func enableDebug() { world.submit("enable debug") { agent, _ in agent.node.enableDebugging() } }

    /// From here on, this context and every one that is started below it measures what its loop does, and leaves a
    /// file that https://ui.perfetto.dev shows when it ends in good order.
    public func enableProfiling() { world.submit("enable profiling") { agent, _ in agent.node.enableProfiling() } }
}
