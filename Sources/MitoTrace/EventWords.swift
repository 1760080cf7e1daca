public import MitoCore

extension Event.Kind {
    /// The kind as it stands in a trace: `frame-in`, `call-started` …
    public var word: String {
        switch self {
        case .frameIn: "frame-in"
        case .frameOut: "frame-out"
        case .delivered: "delivered"
        case .dropped: "dropped"
        case .routeAdded: "route-added"
        case .routeRemoved: "route-removed"
        case .handleAdded: "handle-added"
        case .handleRemoved: "handle-removed"
        case .callStarted: "call-started"
        case .callEnded: "call-ended"
        case .invocationQueued: "invocation-queued"
        case .invocationStarted: "invocation-started"
        case .invocationEnded: "invocation-ended"
        case .waiterParked: "waiter-parked"
        case .waiterWoken: "waiter-woken"
        case .timerArmed: "timer-armed"
        case .timerFired: "timer-fired"
        case .timerCancelled: "timer-cancelled"
        case .launchStarted: "launch-started"
        case .launchFailed: "launch-failed"
        case .connectStarted: "connect-started"
        case .connectEnded: "connect-ended"
        case .contextUp: "context-up"
        case .contextDown: "context-down"
        case .contextLost: "context-lost"
        case .linkUp: "link-up"
        case .linkDown: "link-down"
        case .shutdownBegan: "shutdown-began"
        case .childExited: "child-exited"
        case .log: "log"
        case .command: "command"
        case .programWaits: "program-waits"
        }
    }

    /// The kind that a trace's word names; nil when none does.
    public init?(word: String) {
        guard let kind = Self.byWord[word] else { return nil }
        self = kind
    }

    private static let byWord = [String: Self](uniqueKeysWithValues: allCases.map { ($0.word, $0) })
}

extension Event.Reason {
    /// The reason as it stands in a trace and in a story's expectations: `no-route`, `timed-out` …
    public var word: String {
        switch self {
        case .none: "none"
        case .noRoute: "no-route"
        case .routingMode: "routing-mode"
        case .invalidHandle: "invalid-handle"
        case .unexpectedContext: "unexpected-context"
        case .refusedByPolicy: "refused-by-policy"
        case .tooLarge: "too-large"
        case .badAuthority: "bad-authority"
        case .badSource: "bad-source"
        case .corrupt: "corrupt"
        case .respondentLost: "respondent-lost"
        case .brokerExited: "broker-exited"
        case .senderClosed: "sender-closed"
        case .remoteDead: "remote-dead"
        case .timedOut: "timed-out"
        case .cancelled: "cancelled"
        case .callError: "call-error"
        case .undecodable: "undecodable"
        case .parentLost: "parent-lost"
        case .askedTo: "asked-to"
        case .connectionFailed: "connection-failed"
        case .duplicateRoute: "duplicate-route"
        case .unexpectedSender: "unexpected-sender"
        case .queueFull: "queue-full"
        }
    }

    /// The reason that a trace's word names; nil when none does.
    public init?(word: String) {
        guard let reason = Self.byWord[word] else { return nil }
        self = reason
    }

    private static let byWord = [String: Self](uniqueKeysWithValues: allCases.map { ($0.word, $0) })
}
