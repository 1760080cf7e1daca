/// What is done to links on purpose.
extension Node {
    /// Has the driver do something to the link above `lower`, which must be this context's own or one of a child's;
    /// else nothing happens. What `order` says is between whoever asks and the driver's link model.
    public mutating func shape(_ lower: ContextID, _ order: Value, at now: Instant) {
        journal.now = now
        shape(lower, order)
    }

    mutating func shape(_ lower: ContextID, _ order: Value) {
        let link = links.ids.first { links[$0].isUp ? lower == ownID : links[$0].name == lower }
        guard let link, isOpen(link) else { return }
        self.order(.shape(link, order))
    }
}
