import MitoCore
import MitoLinux

/// What a loop did with its time: a sum for each kind of work, and the latest pieces one by one.
///
/// A context that ends in good order leaves it beside the debug files as `mitoscope.ID.PID.trace.json`, which
/// https://ui.perfetto.dev and Chrome's tracing page show.
struct Profile {
    private struct Piece {
        let kind: Kind
        let start: Instant
        let took: Duration
    }

    /// The kinds of `SlowTurn.Work`, and waiting.
    enum Kind: Int, CaseIterable {
        case waiting, reading, job, function, deadline, launch, writing, telling
    }

    private struct Sum {
        var count = 0
        var took = Duration.zero
        var longest = Duration.zero
    }

    private var sums = [Sum](repeating: Sum(), count: Kind.allCases.count)
    private var pieces: [Piece] = []
    private var oldest = 0
    private var bytesIn = 0
    private var bytesOut = 0
    private let begin: Instant

    init(at now: Instant) { begin = now }

    /// From `start` to `end` the loop was busy with `kind`.
    mutating func did(_ kind: Kind, from start: Instant, to end: Instant) {
        let took = end - start
        sums[kind.rawValue].count += 1
        sums[kind.rawValue].took = sums[kind.rawValue].took + took
        sums[kind.rawValue].longest = max(sums[kind.rawValue].longest, took)
        let piece = Piece(kind: kind, start: start, took: took)
        if pieces.count < Self.piecesMax {
            pieces.append(piece)
        } else {
            pieces[oldest] = piece
            oldest = (oldest + 1) % Self.piecesMax
        }
    }

    mutating func read(_ bytes: Int) { bytesIn += bytes }
    mutating func wrote(_ bytes: Int) { bytesOut += bytes }

    /// A sentence for the log.
    func summary(at now: Instant) -> String {
        let busy = Kind.allCases.filter { $0 != .waiting && sums[$0.rawValue].count > 0 }.map { kind in
            let sum = sums[kind.rawValue]
            return "\(kind) \(sum.count) times, \(sum.took), at most \(sum.longest)"
        }
        return "profile over \(now - begin): waited \(sums[0].took); \(busy.joined(separator: "; ")); "
            + "\(bytesIn) bytes in, \(bytesOut) bytes out"
    }

    /// Writes the file; returns its path.
    func write(of identity: Identity, in directory: String = DebugFile.directory) throws(SystemError) -> String {
        let path = "\(directory)/mitoscope.\(identity.id).\(Machine.processID).trace.json"
        let file = try FileDescriptor.creating(path)
        let text = Array(json(of: identity).utf8)
        var written = 0
        while written < text.count {
            guard case .bytes(let count) = try file.write(text, from: written) else { break }
            written += count
        }
        return path
    }

    /// Trace Event Format: one complete event for each piece, times in microseconds.
    func json(of identity: Identity) -> String {
        let process = String(identity.name.map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") ? $0 : "_" })
        var events = [
            #"{"ph":"M","name":"process_name","pid":\#(identity.id),"args":{"name":"\#(identity.id) \#(process)"}}"#
        ]
        for index in pieces.indices {
            let piece = pieces[(oldest + index) % pieces.count]
            let start = Self.microseconds(piece.start - .start)
            events.append(
                #"{"ph":"X","name":"\#(piece.kind)","pid":\#(identity.id),"tid":1,"#
                    + #""ts":\#(start),"dur":\#(Self.microseconds(piece.took))}"#)
        }
        return "{\"traceEvents\":[\n" + events.joined(separator: ",\n") + "\n]}\n"
    }

    private static func microseconds(_ duration: Duration) -> String {
        let nanoseconds = duration.nanoseconds % 1000
        let padding = nanoseconds < 10 ? "00" : nanoseconds < 100 ? "0" : ""
        return "\(duration.nanoseconds / 1000).\(padding)\(nanoseconds)"
    }

    private static let piecesMax = 1 << 16
}

extension SlowTurn.Work {
    var kind: Profile.Kind {
        switch self {
        case .none: .waiting
        case .link: .reading
        case .job: .job
        case .function: .function
        case .deadline: .deadline
        case .launch: .launch
        case .writing: .writing
        case .telling: .telling
        }
    }
}
