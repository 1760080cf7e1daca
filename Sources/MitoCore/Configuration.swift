extension Node {
    /// What a program chooses once. Its children get the limit, the routing mode, `callers` and all that is said of
    /// logs, debugging and profiling in their preamble; the rest is each program's own.
    public struct Configuration: Hashable, Sendable {
        /// The longest payload in bytes that this context takes or sends.
        public var messageBytesMax = 128 * 1024 * 1024
        /// How many bytes may wait for a neighbour that does not read, or for functions to run; what comes then is
        /// answered `queue full`. A context's own messages are not counted.
        public var queueBytesMax = 256 * 1024 * 1024
        /// Only let through what comes from, or goes to, an ancestor.
        public var isUnidirectional = false
        /// How long a child may take from launch to its first word.
        public var connectTimeout = Duration.seconds(30)
        /// How long an orderly end waits for children; nil = 5 s in a root, 3 s in a child.
        public var shutdownGrace: Duration?
        /// The least level that a child forwards, in Python's numbers: 20 = info.
        public var logLevel = 20
        /// Does a context log each read and write of a link? Such records stay where they are made.
        public var isIOLogged = false
        /// Does a context write a verbose log to a file of its own? A connect command's option `debug` wins.
        public var isDebugging = false
        /// Does a context measure what its loop does? A connect command's option `profiling` wins.
        public var isProfiling = false
        /// Has the driver logs of its own to send, such as what was printed? Then an orderly end waits for `drained`.
        public var isDraining = false
        /// Whose calls are run. Starting children and ending a context always needs a parent's authority.
        public var callers = Callers.parents
        /// Keep events for `takeEvents`?
        public var isTraced = false
        /// How many of its latest events a context remembers, traced or not, for `flightRecording`: 64 bytes each;
        /// 0 = none.
        public var flightEntriesMax = 2048
        /// A bug planted for the explainer's stories; one of `Node.defects`.
        public var defect: String?

        public init() {}
    }

    /// Who may call the functions of a context.
    public enum Callers: String, Hashable, Sendable {
        /// Ancestors, and who speaks with their authority, as in the original.
        case parents
        /// Whoever can route to it: for trees that hold nothing but their own program, as a story's do.
        case anyone
    }
}
