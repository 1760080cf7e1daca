import Glibc

/// One line that moves on a terminal: how far, how fast, how long yet. Says nothing in a pipe.
struct Progress {
    let total: Int
    private let start = Progress.now()
    private let isVisible = isatty(STDERR_FILENO) == 1
    private var shown = 0.0

    init(total: Int) { self.total = total }

    /// Seconds since the start.
    var elapsed: Double { Self.now() - start }

    mutating func show(done: Int, records: UInt64) {
        guard isVisible, done > 0, elapsed - shown > 0.2 else { return }
        shown = elapsed
        let left = Int(elapsed / Double(done) * Double(total - done))
        let rate = Int(Double(records) / elapsed / 1_000)
        say(
            "\r\u{1B}[2K\(done) of \(total) trees, \(Int(Double(done) / elapsed))/s, \(rate)k records/s, \(left) s left"
        )
    }

    /// Says what is going on now, instead.
    func show(_ text: String) { if isVisible { say("\r\u{1B}[2K\(text)") } }

    func clear() { if isVisible { say("\r\u{1B}[2K") } }

    private func say(_ text: String) {
        let bytes = Array(text.utf8)
        _ = write(STDERR_FILENO, bytes, bytes.count)
    }

    private static func now() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
