/// One fact about what a context did, in the order it did it. Events are for looking: nothing in the core reads them.
///
/// A frame is named by (`link`, `upward`, `ordinal`): links keep order, so the n-th frame out is the n-th in, and the
/// wire needs no id. `cause` is the `step` of the event that led to this one in the same context, 0 when the program
/// asked. So a chain of causes can be followed through a context by `cause` and across a link by the frame's name.
public struct Event: Hashable, Sendable {
    public enum Kind: UInt8, Sendable, CaseIterable {
        /// A frame came in whole / was put into a link's out-buffer.
        case frameIn, frameOut
        /// The message reached its handle here.
        case delivered
        /// The message ended here undelivered: `reason` says why.
        case dropped
        /// `subject` can be reached through `link` / no longer.
        case routeAdded, routeRemoved
        /// `handle` was opened / closed; `subject` is the context that must answer, when there is one, `tag` a
        /// receiver's name in a story.
        case handleAdded, handleRemoved
        /// A call to `destination` began: `handle` waits for the reply, `text` is the function, `tag` the call's name
        /// in a story.
        case callStarted
        /// It ended: `reason` is why (`.none` = a value), `text` the value or the error, `tag` as above.
        case callEnded
        /// A function called from elsewhere waits its turn / runs / ended. `source` and `replyTo` name the call.
        case invocationQueued, invocationStarted, invocationEnded
        /// A running function waits / goes on: `text` says for what (`sleep 5s`, `call 3 echo`, `items`, `for ever`).
        case waiterParked, waiterWoken
        /// A deadline was set for `handle`, `text` from now / reached / given up.
        case timerArmed, timerFired, timerCancelled
        /// A child is being started on `link` (`text`: method and name) / failed to come up (`text`: why).
        case launchStarted, launchFailed
        /// A connect command began: `text` is method and name, `tag` its name in a story.
        case connectStarted
        /// It ended: `subject` is the new context, or `reason` is `.connectionFailed` and `text` says why.
        case connectEnded
        /// This context is up: `subject` is its id, `text` its name, `link` the way to its parent.
        case contextUp
        /// This context ends. `reason` says why.
        case contextDown
        /// `subject` cannot be reached any more and everyone here who waited for it is told.
        case contextLost
        /// The child below `link` is connected / the link is gone. `subject` is the neighbour.
        case linkUp, linkDown
        /// An orderly end began here.
        case shutdownBegan
        /// The child process of `link` ended: `text` is its signal or status.
        case childExited
        /// A log record: `text`.
        case log
        /// A command from the program: `text`.
        case command
        /// What the program here had not been told when its driver was asked, at a standstill: no step of the context.
        /// See `ProgramWait`.
        case programWaits
    }

    /// Why something was dropped, ended or failed.
    public enum Reason: UInt8, Sendable, CaseIterable {
        case none
        case noRoute, routingMode, invalidHandle, unexpectedContext, refusedByPolicy, tooLarge
        case badAuthority, badSource, corrupt
        case respondentLost, brokerExited, senderClosed, remoteDead
        case timedOut, cancelled, callError, undecodable
        case parentLost, askedTo, connectionFailed, duplicateRoute, unexpectedSender
        case queueFull
    }

    public var kind: Kind
    public var reason: Reason = .none
    /// For a frame: does it travel towards the root?
    public var upward = false
    /// This context's own count of events, from 1.
    public var step: UInt64 = 0
    public var cause: UInt64 = 0
    public var at: Instant = .start
    /// A link is named by the id of its lower end; 0 = no link.
    public var link: ContextID = .master
    public var ordinal: UInt64 = 0
    public var destination: ContextID = .master
    public var source: ContextID = .master
    public var authority: ContextID = .master
    public var subject: ContextID = .master
    public var handle: Handle = .none
    public var replyTo: Handle = .none
    public var length: UInt32 = 0
    /// Hash of the payload, so that two traces differ where only content did.
    public var digest: UInt64 = 0
    public var text = ""
    public var tag = ""

    public init(_ kind: Kind) { self.kind = kind }

    init(_ kind: Kind, step: UInt64, cause: UInt64, at time: Instant) {
        self.kind = kind
        self.step = step
        self.cause = cause
        at = time
    }
}
