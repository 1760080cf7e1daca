/// An order that a driver carries out, and the step of the event that caused it.
public struct Output: Sendable {
    public var order: Order
    public var cause: UInt64
}

/// What a node wants done, beside the writing. Perform orders in the sequence in which `poll` hands them out.
public enum Order: Sendable {
    /// Close the link after what is in its out-buffer was written, as far as it goes; its process, if any, is to be
    /// reaped. No fact about this link may follow but `childExited`.
    case close(LinkID)
    /// Start a child whose stream is `plan.link`; answer with `launched` or `launchFailed`.
    case launch(LaunchPlan)
    /// The child of this link leaves: its process is not to be ended when the link closes, and not waited for.
    case release(LinkID)
    /// Before anything else is written: whatever ends the parent from now on must not end this process.
    case leaveParent
    /// `detach` has ended: with a value when this context stands alone.
    case detached(Outcome)
    /// A Python parent sent a compressed preamble: answer with `inflated`.
    case inflate(LinkID, [UInt8])
    /// Do something to a link: what it is belongs to the driver's link model.
    case shape(LinkID, Value)
    /// This context knows who it is; its stdio may now be redirected. Comes once, in children only.
    case up(Identity)
    /// Run a function; answer with `finished`. Functions run one after another: the next `.run` follows `finished`.
    case run(Invocation)
    /// A call ended.
    case completed(CallID, Outcome)
    /// A connect command ended.
    case connected(ConnectID, Result<ContextID, StreamError>)
    /// A message for a receiver of the program, dead ones too.
    case deliver(Handle, Message)
    /// A record forwarded from `source`, or made here when this is the root.
    case log(LogRecord, from: ContextID)
    /// `context` cannot be reached any more.
    case lost(ContextID)
    /// An orderly end has begun: calls are not taken any more, and what lives below is asked to end first.
    case ending(ExitReason)
    /// The orderly end waits until `drained` is said, as long as the grace allows. Comes once, and only where
    /// `Configuration.isDraining` is set.
    case drain
    /// The node has come to its end: everything is closed. Only commands given later are still answered.
    case exit(ExitReason)
}

/// A link of one node, numbered as it appeared; never used twice. A child's link to its parent is 0.
public struct LinkID: Hashable, Comparable, Sendable {
    public var rawValue: UInt32

    public init(_ rawValue: UInt32) { self.rawValue = rawValue }

    public static let parent = LinkID(0)
    public static func < (a: LinkID, b: LinkID) -> Bool { a.rawValue < b.rawValue }
}

/// One call in progress: the handle that its reply must come to.
public struct CallID: Hashable, Comparable, Sendable {
    public var handle: Handle

    public init(_ handle: Handle) { self.handle = handle }
    public static func < (a: CallID, b: CallID) -> Bool { a.handle < b.handle }
}

/// One connect command in progress.
public struct ConnectID: Hashable, Sendable {
    public var rawValue: UInt32

    public init(_ rawValue: UInt32) { self.rawValue = rawValue }
}

/// One function call to be run here, numbered in the order of arrival.
public struct InvocationID: Hashable, Comparable, Sendable {
    public var rawValue: UInt64

    public init(_ rawValue: UInt64) { self.rawValue = rawValue }
    public static func < (a: InvocationID, b: InvocationID) -> Bool { a.rawValue < b.rawValue }
}

/// A function call as it reached this context.
public struct Invocation: Hashable, Sendable {
    public var id: InvocationID
    /// `module.function` or `module.Type.method`.
    public var function: String
    public var arguments: [Value]
    public var keywords: [Value.Pair]
    /// Who asked, and on whose authority.
    public var source: ContextID
    public var authority: ContextID
    /// When the caller gives up, as far as it said so. The call runs all the same.
    public var deadline: Instant?
}

/// How to start a child: the core knows the names, the launcher knows how.
public struct LaunchPlan: Hashable, Sendable {
    public var link: LinkID
    public var context: ContextID
    /// `local`, `ssh` …
    public var method: String
    /// What the method needs, as the caller gave it.
    public var options: [Value.Pair]
    /// What the process calls itself: `mitogen:REMOTE_NAME`; empty = the launcher's choice.
    public var remoteName: String
    /// The child reads exactly this many bytes before anything else.
    public var preambleLength: Int
}

/// Who a context is: settled in the root, told to every child in its preamble.
///
/// ```swift
/// Identity(id: ContextID(2), ancestors: [ContextID(1), .master], name: "db")     // below 1, which is below the root
/// ```
public struct Identity: Hashable, Sendable {
    public var id: ContextID
    /// Nearest first, the root last; empty in the root.
    public var ancestors: [ContextID]
    public var name: String

    public init(id: ContextID, ancestors: [ContextID], name: String) {
        self.id = id
        self.ancestors = ancestors
        self.name = name
    }
}

/// How a call ended: a value, or a failure that travelled.
public enum Outcome: Hashable, Sendable {
    case value(Value)
    case failed(Failure)
}

/// Why a call could not have a value. All of it is something that the world can cause.
public struct Failure: Error, Hashable, Sendable {
    public enum Kind: String, Sendable {
        /// The function failed; `message` is its type, description and traceback.
        case call = "CallError"
        /// The peer is gone, cannot be reached, or refused; `message` is the dead message's reason.
        case channel = "ChannelError"
        case timeout = "TimeoutError"
        /// The reply cannot be decoded, or a connection failed.
        case stream = "StreamError"
        case cancelled = "CancelledError"
    }

    public var kind: Kind
    public var message: String
    public var reason: Event.Reason

    public init(_ kind: Kind, _ message: String, reason: Event.Reason = .none) {
        self.kind = kind
        self.message = message
        self.reason = reason
    }
}

/// A connection that did not come up.
public struct StreamError: Error, Hashable, Sendable {
    public enum Kind: String, Sendable {
        case stream = "StreamError"
        /// There is no program that could become the context, or it is another one than is expected.
        case bootstrap = "BootstrapError"
    }

    public var message: String
    public var kind: Kind

    public init(_ message: String, kind: Kind = .stream) {
        self.message = message
        self.kind = kind
    }
}

/// One line of somebody's log.
public struct LogRecord: Hashable, Sendable {
    public var logger: String
    /// Python's numbers: 10 debug, 20 info, 30 warning, 40 error, 50 critical.
    public var level: Int
    public var message: String

    public init(logger: String, level: Int, message: String) {
        self.logger = logger
        self.level = level
        self.message = message
    }
}

/// Why a node ended.
public enum ExitReason: Hashable, Sendable {
    /// `shutdown` was asked for, here or by a parent.
    case shutdown
    /// The stream to the parent closed.
    case parentLost
    /// The parent's stream carried something that is not a frame, or the preamble was not one.
    case corrupt(String)
}
