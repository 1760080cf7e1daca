/// Something that must hold of every run, whatever the program asks for and whatever the world does to it.
///
/// Each is watched by a checker, or by whoever runs the world. A fault that breaks one by itself, such as a link that
/// loses a frame, names those that it suspends:
/// ```swift
/// let checkers = Checkers(suspended: [.linksKeepOrder, .routesConverge])
/// ```
public enum Invariant: String, Hashable, Sendable, CaseIterable {
    /// A call, a connect command or a function that began ends exactly once.
    case callsEndOnce = "calls-end-once"
    /// The functions of one context run one after another, in the order in which their calls came.
    case functionsTakeTurns = "functions-take-turns"
    /// The n-th frame that went into one direction of a link is the n-th that comes out, unchanged.
    case linksKeepOrder = "links-keep-order"
    /// No message is delivered or passed on from a place in the tree where its sender cannot be.
    case sendersAreGenuine = "senders-are-genuine"
    /// At rest every context knows the way to everybody below it, and to nobody who is gone.
    case routesConverge = "routes-converge"
    /// What belonged to something that is over is gone too: handles, timers, waiters, egress sets, chains, tasks,
    /// descriptors, processes.
    case nothingLeftBehind = "nothing-left-behind"
    /// What a call returns is what its function gave, and what was streamed came in whole and in order. Who knows the
    /// program watches this; a trace does not tell.
    case answersAreRight = "answers-are-right"
    /// Whoever waits at rest waits for a function that does not end, and nobody is woken by a time-out alone whose peer
    /// was gone. It takes an explanation to tell.
    case waitsAreExplained = "waits-are-explained"
    /// A world of which nobody asks anything comes to rest.
    case worldComesToRest = "world-comes-to-rest"
    /// No effect comes before its cause, and nobody acts after their end.
    case causesComeFirst = "causes-come-first"
}
