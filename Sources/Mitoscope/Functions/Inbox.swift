import MitoCore

/// The receivers that functions opened here, and what has come in on each. Nobody reads them before they are drained,
/// so both their number and their bytes have a limit.
struct InboxTable: Sendable {
    private struct Inbox: Sendable {
        var items: [Value] = []
        /// What the items count for in `bytesHeld`.
        var bytes = 0
        /// Who sent the latest item.
        var source: ContextID?
        /// How the items ended; nil while there may be more.
        var end: Result<Void, FunctionError>?
    }

    /// In the order of opening, which is the order of their handles.
    private var handles: [Handle] = []
    private var inboxes: [Handle: Inbox] = [:]
    private var bytesHeld = 0
    private let bytesMax: Int

    init(bytesMax: Int = 256 * 1024 * 1024) { self.bytesMax = bytesMax }

    var hasRoom: Bool { handles.count < Self.inboxesMax }

    func isOpen(_ handle: Handle) -> Bool { inboxes[handle] != nil }
    func hasEnded(_ handle: Handle) -> Bool { inboxes[handle]?.end != nil }

    mutating func open(_ handle: Handle) {
        handles.append(handle)
        inboxes[handle] = Inbox()
    }

    /// Takes a message in. What comes after the end is dropped.
    mutating func receive(_ message: Message, on handle: Handle) {
        guard inboxes[handle]?.end == nil else { return }
        inboxes[handle]?.source = message.source
        if message.isDead {
            inboxes[handle]?.end = Self.end(message)
            return
        }
        let cost = message.payload.count + Self.itemCost
        guard bytesHeld <= bytesMax - cost else {
            inboxes[handle]?.end = .failure(.inboxFull(bytesMax))
            return
        }
        bytesHeld += cost
        inboxes[handle]?.bytes += cost
        do throws(PickleError) {
            let item = message.encoding == .pickle ? try Value(pickled: message.payload) : .bytes(message.payload)
            inboxes[handle]?.items.append(item)
        } catch {
            inboxes[handle]?.end = .failure(FunctionError(type: "mitogen.core.StreamError", message: "\(error)"))
        }
    }

    /// `context` is gone: whatever it sent last will not be closed by it. Returns the receivers that end with it.
    mutating func lost(_ context: ContextID) -> [Handle] {
        let bereft = handles.filter { inboxes[$0]?.source == context && inboxes[$0]?.end == nil }
        for handle in bereft { inboxes[handle]?.end = .failure(.respondentLost) }
        return bereft
    }

    /// The items of a receiver that ended, or why it did not end well. It is gone afterwards.
    mutating func close(_ handle: Handle) -> Result<Value, FunctionError> {
        guard let inbox = inboxes.removeValue(forKey: handle) else { return .failure(.notCollecting(handle)) }
        handles.removeAll { $0 == handle }
        bytesHeld -= inbox.bytes
        if case .failure(let error) = inbox.end { return .failure(error) }
        return .success(.list(inbox.items))
    }

    /// A sender that closes, or says nothing about why, ends the items in good order; any other reason is a failure.
    private static func end(_ dead: Message) -> Result<Void, FunctionError> {
        let reason = String(decoding: dead.payload, as: UTF8.self)
        guard reason.isEmpty || reason == Stream.closed else { return .failure(.channel(reason)) }
        return .success(())
    }

    static let inboxesMax = 1000
    /// What an item costs beside its payload.
    static let itemCost = 64
}
