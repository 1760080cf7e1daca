import MitoCore

extension Router {
    /// From here on, this context and every one that is started below it writes a verbose log to a file of its own:
    /// what happened, event by event. With `local(debug: true)` one context does so, and what it starts itself.
    ///
    /// The files are `mitoscope.ID.NAME.PID.log` in `MITOSCOPE_DEBUG_DIRECTORY`, else in `TMPDIR`, else in `/tmp`.
    public func enableDebug() { world.submit("enable debug") { agent, _ in agent.node.enableDebugging() } }

    /// From here on, this context and every one that is started below it measures what its loop does, and leaves a
    /// file that https://ui.perfetto.dev shows when it ends in good order. With `local(profiling: true)` one context
    /// does so, and what it starts itself.
    ///
    /// The files are `mitoscope.ID.PID.trace.json`, beside the verbose logs.
    public func enableProfiling() { world.submit("enable profiling") { agent, _ in agent.node.enableProfiling() } }
}
