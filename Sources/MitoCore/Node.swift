/// The brain of one context, as a value. It does no I/O, knows no clock and draws no random number.
///
/// Every public method is one of four kinds.
/// - *Facts*: what the world did (`received`, `linkClosed`, `expired` …).
/// - *Commands*: what the program wants (`call`, `send`, `connect`, `shutdown` …).
/// - *Drain*: `poll` hands out orders until nil; `deadline` is the next wake-up. Drain after every fact and command.
/// - *Look*: read only.
public struct Node: Sendable {
    // MARK: Facts

    /// A root: context 0, with nobody above.
    public init(master configuration: Configuration = Configuration()) {
        self.configuration = configuration
        journal = Journal(isKept: configuration.isTraced)
        identity = Identity(id: .master, ancestors: [], name: "master")
    }

    /// A child that was just started: link `.parent` is open, who it is comes in the first `preambleLength` bytes.
    public init(childAwaiting preambleLength: Int, configuration: Configuration = Configuration()) {
        self.configuration = configuration
        journal = Journal(isKept: configuration.isTraced)
        identity = nil
    }

    /// Bytes came in on a link, cut anywhere.
    public mutating func received(_ bytes: Span<UInt8>, on link: LinkID, at now: Instant) {}
    /// The peer hung up, or the link broke.
    public mutating func linkClosed(_ link: LinkID, at now: Instant) {}
    /// The child of a `.launch` order was started.
    public mutating func launched(_ link: LinkID, at now: Instant) {}
    /// The child of a `.launch` order could not be started.
    public mutating func launchFailed(_ link: LinkID, _ why: String, at now: Instant) {}
    /// The answer to `.inflate`: the text, or nil when it was no zlib stream.
    public mutating func inflated(_ link: LinkID, _ text: [UInt8]?, at now: Instant) {}
    /// The process below `link` ended; `status` is for people: `signal 9`, `exit 1`.
    public mutating func childExited(_ link: LinkID, _ status: String, at now: Instant) {}
    /// `deadline` has come.
    public mutating func expired(at now: Instant) {}
    /// A function that `.run` asked for ended.
    public mutating func finished(_ invocation: InvocationID, _ result: Result<Value, FunctionError>, at now: Instant) {}
    /// A function that is running waits for something, or goes on: for the trace only.
    public mutating func parked(_ invocation: InvocationID, on what: String?, at now: Instant) {}

    // MARK: Commands

    /// Calls `function` in `context`; `.completed` follows exactly once.
    public mutating func call(_ request: CallRequest, at now: Instant) -> CallID { CallID(.firstDynamic) }
    /// Gives a call up: it completes as cancelled, a late reply is dropped.
    public mutating func cancel(_ call: CallID, at now: Instant) {}
    /// Sends a message as this context: source and authority are set here.
    public mutating func send(_ message: Message, at now: Instant) {}
    /// Opens a receiver that stays open until it is closed.
    public mutating func openReceiver(at now: Instant) -> Handle { .firstDynamic }
    public mutating func closeReceiver(_ handle: Handle, at now: Instant) {}
    /// Starts a context below `request.via`; `.connected` follows exactly once.
    public mutating func connect(_ request: ConnectRequest, at now: Instant) -> ConnectID { ConnectID(0) }
    /// Asks a context to end. Any context, direct or not.
    public mutating func shutdown(_ context: ContextID, at now: Instant) {}
    /// Ends this context in order: children first, for as long as the grace allows, then `.exit`.
    public mutating func shutdown(at now: Instant) {}
    /// Sends a record to the root's log, or hands it out as `.log` in the root.
    public mutating func log(_ record: LogRecord, at now: Instant) {}

    // MARK: Drain

    /// The next order, or nil when there is nothing left to do until the next fact or command.
    public mutating func poll() -> Output? { nil }
    /// When `expired` wants to be called next.
    public var deadline: Instant? { nil }
    /// The bytes that wait on a link, moved out; the link's out-buffer is empty afterwards.
    public mutating func takeOutbound(_ link: LinkID) -> [UInt8] { [] }
    /// The events noted since the last look; always empty unless `Configuration.isTraced`.
    public mutating func takeEvents() -> [Event] { journal.take() }

    // MARK: Look

    public let configuration: Configuration
    /// Who this is; nil in a child until its preamble came.
    public private(set) var identity: Identity?

    private var journal: Journal
}

extension Node {
    /// What a program chooses once. Children inherit all but `isTraced` and `defect` through their preamble.
    public struct Configuration: Hashable, Sendable {
        /// The longest payload in bytes that this context takes or sends.
        public var messageBytesMax = 128 * 1024 * 1024
        /// Only let through what comes from, or goes to, an ancestor.
        public var isUnidirectional = false
        /// How long a child may take from launch to its first word.
        public var connectTimeout = Duration.seconds(30)
        /// How long an orderly end waits for children: 5 s in a root, 3 s in a child.
        public var shutdownGrace: Duration?
        /// The least level that a child forwards.
        public var logLevel = 20
        public var isTraced = false
        /// A named bug for the explainer's stories; refused without the package trait.
        public var defect: String?

        public init() {}
    }
}

/// A function call, as the program asks for it.
public struct CallRequest: Hashable, Sendable {
    public var context: ContextID
    /// `module.function` or `module.Type.method`.
    public var function: String
    public var arguments: [Value] = []
    public var keywords: [Value.Pair] = []
    /// Calls of one chain share its first failure.
    public var chain: String?
    public var timeout: Duration?
    /// No reply is wanted: the call completes with none as soon as it is sent.
    public var isNoReply = false
    /// The call's name in a story, for the trace.
    public var tag = ""

    public init(_ function: String, on context: ContextID, _ arguments: [Value] = []) {
        self.function = function
        self.context = context
        self.arguments = arguments
    }
}

/// A new context, as the program asks for it.
public struct ConnectRequest: Hashable, Sendable {
    /// The context that starts it; nil = this one.
    public var via: ContextID?
    public var method: String
    /// The new context's name; nil = a name from the method.
    public var name: String?
    public var options: [Value.Pair] = []
    public var tag = ""

    public init(method: String = "local", name: String? = nil, via: ContextID? = nil) {
        self.method = method
        self.name = name
        self.via = via
    }
}

/// Why a function failed: `type` as a Python caller would print it, `message`, and frames when there are any.
public struct FunctionError: Error, Hashable, Sendable {
    public var type: String
    public var message: String
    public var traceback: String

    public init(type: String, message: String, traceback: String = "") {
        self.type = type
        self.message = message
        self.traceback = traceback
    }
}
