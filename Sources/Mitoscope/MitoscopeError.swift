public import MitoCore

/// Why something asked of a world did not succeed. One type for all of it; `code` tells them apart.
///
/// ```swift
/// do { try await context.call("report", timeout: .seconds(5)) }
/// catch where error.code == .timeout { print("no report from \(error.path)") }
/// catch { print(error) }
/// ```
public struct MitoscopeError: Error, Sendable {
    public var code: Code
    /// For people; of a failed function, its error's type and message, and its frames where there are any.
    public var message: String
    /// What led to this, when that is an error of its own.
    public var cause: (any Error)?
    /// From here to the context that was asked, nearest first; empty when no other context had a part in it.
    public var path: [ContextID]

    public init(_ code: Code, _ message: String, cause: (any Error)? = nil, path: [ContextID] = []) {
        self.code = code
        self.message = message
        self.cause = cause
        self.path = path
    }

    /// What kind of error it is. The set is open: a world may have more.
    public struct Code: RawRepresentable, Hashable, Sendable {
        public let rawValue: String

        public init(rawValue: String) { self.rawValue = rawValue }

        /// The function that was called failed.
        public static let call = Code(rawValue: "CallError")
        /// An argument cannot travel; nothing was sent.
        public static let argument = Code(rawValue: "ArgumentError")
        /// The context is gone, cannot be reached, or refused.
        public static let channel = Code(rawValue: "ChannelError")
        /// The time given was over first. What was asked for may still happen.
        public static let timeout = Code(rawValue: "TimeoutError")
        /// A connection did not come up, or an answer could not be read.
        public static let stream = Code(rawValue: "StreamError")
        /// There is no program that could become a context, or it is another one than is expected.
        public static let bootstrap = Code(rawValue: "BootstrapError")
        /// The caller gave it up.
        public static let cancelled = Code(rawValue: "CancelledError")
        /// The router was shut down.
        public static let shutdown = Code(rawValue: "ShutdownError")
    }
}

extension MitoscopeError: CustomStringConvertible {
    /// `TimeoutError: …`, as logs show it.
    public var description: String { "\(code.rawValue): \(message)" }
}

extension MitoscopeError {
    /// A call's failure, as its node reports it.
    init(_ failure: Failure) {
        self.init(Code(rawValue: failure.kind.rawValue), failure.message, cause: failure)
    }

    /// What everyone gets who still waits when a world ends, or asks it for something afterwards.
    public static let ended = MitoscopeError(.shutdown, "the router was shut down")
    static let abandoned = MitoscopeError(.cancelled, "given up by its caller")
}
