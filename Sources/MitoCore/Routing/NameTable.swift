import DequeModule

/// What contexts are called here. A lost context keeps its name for a while, since word about it comes late; peers may
/// announce and take back any number, so that only the latest of the lost are remembered.
struct NameTable: Sendable {
    private var names: [ContextID: String] = [:]
    private var lost = Deque<ContextID>()

    var count: Int { names.count }

    subscript(context: ContextID) -> String? {
        get { names[context] }
        set { names[context] = newValue }
    }

    /// `context` is gone; the name of the one that was lost longest ago is forgotten.
    mutating func lost(_ context: ContextID) {
        guard names[context] != nil else { return }
        lost.append(context)
        if lost.count > Self.lostMax { names[lost.removeFirst()] = nil }
    }

    static let lostMax = 1024
}
