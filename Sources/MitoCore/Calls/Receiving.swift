/// Messages that the program sends, and handles that it opens for itself.
extension Node {
    /// Sends a message as this context: source and authority are set here.
    public mutating func send(_ message: Message, at now: Instant) {
        journal.now = now
        // A supervisor's command is no message of the program's.
        let isCommand = message.handle == .diagnostic
        journal.begin(.command, words: { $0.text = isCommand ? "supervise" : "send \(message.destination)" })
        var message = message
        message.source = ownID
        message.authority = ownID
        originate(message)
    }

    /// Sends a message with the source and authority that it names, as a context could that somebody else has got hold
    /// of: for tests of those who must refuse it.
    public mutating func forge(_ message: Message, at now: Instant) {
        journal.now = now
        journal.begin(.command) { $0.text = "send \(message.destination)" }
        originate(message)
    }

    /// Opens a receiver that takes whatever anybody sends, until it is closed or the node ends; it then gets a last,
    /// dead message.
    public mutating func openReceiver(at now: Instant) -> Handle {
        journal.now = now
        return open(handles.next, HandleOpening())
    }

    /// Opens a receiver; `.deliver` follows for each message that reaches it.
    ///
    /// A one-shot receiver closes before its first message is handed out, dead or not. When its respondent is lost, or
    /// the node ends, it gets a last, dead message from here and closes.
    ///
    /// Throws when the number is not to be had.
    public mutating func openReceiver(
        _ opening: HandleOpening, at now: Instant
    ) throws(HandleError) -> Handle {
        journal.now = now
        guard let asked = opening.handle else { return open(handles.next, opening) }
        guard Self.openable ~= asked.rawValue else { throw .reserved(asked) }
        let isServed = policy(of: asked) != nil
        guard !isServed, handles[asked] == nil else { throw .exists(asked) }
        return open(asked, opening)
    }

    /// Closes a receiver; whoever sends to it afterwards and waits for an answer gets `invalid handle`. False when
    /// there is no such receiver.
    @discardableResult
    public mutating func closeReceiver(_ handle: Handle, at now: Instant) -> Bool {
        journal.now = now
        guard handles[handle]?.owner == .receiver else { return false }
        journal.begin(.command) { $0.text = "close receiver" }
        closeHandle(handle)
        return true
    }

    private mutating func open(_ handle: Handle, _ opening: HandleOpening) -> Handle {
        journal.begin(.command) { $0.text = "open receiver" }
        handles.open(handle, opening)
        noteOpened(handle, respondent: opening.respondent, tag: opening.tag)
        if hasEnded { deliverDead(.brokerExited, to: handle) }
        return handle
    }

    mutating func noteOpened(_ handle: Handle, respondent: ContextID?, tag: String = "") {
        journal.note(.handleAdded) {
            $0.handle = handle
            $0.subject = respondent ?? .master
            $0.tag = tag
        }
    }

    mutating func closeHandle(_ handle: Handle) {
        if has(.keepsHandle) { return }
        handles.close(handle)
        journal.note(.handleRemoved) { $0.handle = handle }
    }

    /// The numbers that a program may ask for by name.
    private static let openable = 1..<Handle.dead.rawValue
}

/// A handle as the program wants it.
///
/// ```swift
/// var opening = HandleOpening()
/// opening.respondent = web                        // only web may answer, and its loss ends the wait
/// opening.isPersistent = false                    // the first message closes it
/// let handle = try node.openReceiver(opening, at: now)
/// ```
public struct HandleOpening: Sendable {
    /// A number from 1 to 998 that nothing here uses; nil = the next that was never used, from 1000 up.
    public var handle: Handle?
    /// Does it stay open after its first message?
    public var isPersistent = true
    /// The only context that may send to it, apart from dead messages; its loss closes the handle.
    public var respondent: ContextID?
    /// Does a dead message, with which a sender closes, close it too?
    public var endsWithSender = false
    /// The receiver's name in a story, for the trace.
    public var tag = ""
    public var policy = Policy.anyone

    public init() {}
}

/// Why a handle cannot be opened.
public enum HandleError: Error, Hashable, Sendable {
    /// It is in use, by the program or by the context itself.
    case exists(Handle)
    /// 0, 999 and all from 1000 up are never chosen by a program.
    case reserved(Handle)
}

extension HandleError: CustomStringConvertible {
    /// The original's words for the first.
    public var description: String {
        switch self {
        case .exists(let handle): "cannot register a handle that already exists: \(handle)"
        case .reserved(let handle): "handle \(handle) is not a program's to choose: those are 1 to 998"
        }
    }
}
