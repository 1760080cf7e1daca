import Glibc

/// One line that moves on a terminal: how far, how fast, how long yet. Says nothing in a pipe.
struct Progress {
    private let total: Int
    private let start = Progress.now()
    private let isVisible = isatty(STDOUT_FILENO) == 1
    private var shown = 0.0

    init(total: Int) { self.total = total }

    /// Seconds since the start.
    var elapsed: Double { Self.now() - start }

    mutating func show(done: Int) {
        guard isVisible, done > 0, elapsed - shown > 0.2 else { return }
        shown = elapsed
        let left = Int(elapsed / Double(done) * Double(total - done))
        say("\r\(done) of \(total), \(Int(Double(done) / elapsed))/s, \(left) s left ")
    }

    func clear() {
        if isVisible { say("\r\u{1B}[K") }
    }

    private func say(_ text: String) {
        let bytes = Array(text.utf8)
        _ = write(STDOUT_FILENO, bytes, bytes.count)
    }

    private static func now() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}

/// The most memory that this process ever had resident, in bytes.
func peakBytes() -> Int {
    let status = open("/proc/self/status", O_RDONLY)
    defer { close(status) }
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = max(0, read(status, &buffer, buffer.count))
    let line = String(decoding: buffer[..<count], as: UTF8.self).split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    return (line?.split(whereSeparator: { !$0.isNumber }).first.flatMap { Int($0) } ?? 0) * 1024
}

/// The case that runs now, for the signal handler.
nonisolated(unsafe) var runningCase = 0

/// A trap ends the process; before it does, the handler names the case, with nothing but what a handler may do.
func nameTheCaseOnTraps() {
    for trap in [SIGILL, SIGTRAP, SIGSEGV, SIGABRT] {
        signal(trap) { trap in
            var digits: (UInt64, UInt64, UInt64) = (0, 0, 0)
            withUnsafeMutableBytes(of: &digits) { line in
                var place = line.count - 1
                line[place] = 0x0A
                var rest = runningCase
                repeat {
                    place -= 1
                    line[place] = UInt8(0x30 + rest % 10)
                    rest /= 10
                } while rest > 0
                _ = write(STDERR_FILENO, "trap in case ", 13)
                _ = write(STDERR_FILENO, line.baseAddress! + place, line.count - place)
            }
            signal(trap, SIG_DFL)
            raise(trap)
        }
    }
}
