/// How far a command is that takes long: what it does now, how fast it is, and how long it may still take. Shown on a
/// terminal, and nowhere else.
struct Progress {
    private let terminal: Terminal
    private let total: Int
    private let begin = ContinuousClock.now
    private var done = 0
    private var shown: ContinuousClock.Instant?

    init(of total: Int, on terminal: Terminal) {
        self.terminal = terminal
        self.total = total
    }

    /// Names what is done now.
    mutating func show(_ what: String) {
        // As often as an eye can follow.
        if let shown, .now - shown < .milliseconds(100) { return }
        shown = .now
        terminal.progress("\(Self.text(done: done, of: total, after: .now - begin))\(what) …")
    }

    /// One of them is done.
    mutating func advance() { done += 1 }

    /// Takes the line away, so that something can be said in its place.
    mutating func clear() {
        terminal.progress("")
        shown = nil
    }

    /// `34 of 400, 12/s, 31s left: `; what is not known yet is left out.
    static func text(done: Int, of total: Int, after time: Duration) -> String {
        guard total > 1 else { return "" }
        let counted = "\(done) of \(total)"
        let milliseconds = time.components.seconds * 1000 + time.components.attoseconds / 1_000_000_000_000_000
        guard done > 0, milliseconds >= 1000 else { return counted + ": " }
        let left = Int64(total - done) * milliseconds / Int64(done) / 1000
        let rate = Int64(done) * 1000 / milliseconds
        let pace = rate > 0 ? "\(rate)/s" : "\(milliseconds / Int64(done) / 1000)s each"
        return "\(counted), \(pace), \(left < 120 ? "\(left)s" : "\(left / 60)min") left: "
    }
}
