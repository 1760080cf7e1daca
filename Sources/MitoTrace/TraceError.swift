/// Why a file is not a trace that can be read, and where: line and column count from 1, columns in bytes.
public struct TraceError: Error, Hashable, Sendable {
    public enum Problem: Hashable, Sendable {
        /// The first line is not a trace's header.
        case notATrace
        /// The trace was written in another version of the lines.
        case version(UInt64)
        /// A line is longer than any that we write.
        case lineTooLong
        /// Here something else was expected: `"`, `a number` …
        case expected(String)
        /// A number that its field cannot hold.
        case outOfRange
        /// Bytes that are not UTF-8, or an escape that JSON lacks.
        case badText
        /// A key stands twice in one object.
        case duplicateKey(String)
        /// An unknown value nests deeper than anything sensible.
        case tooDeep
        /// A kind of event, or a reason, that this version does not know.
        case unknownWord(String)
        /// A line lacks a key that every event has.
        case missing(String)
    }

    public var problem: Problem
    public var line: Int
    public var column: Int

    public init(_ problem: Problem, line: Int, column: Int) {
        self.problem = problem
        self.line = line
        self.column = column
    }
}

extension TraceError: CustomStringConvertible {
    /// `12:34: expected a number`, ready to stand behind a file's name.
    public var description: String { "\(line):\(column): \(sentence)" }

    private var sentence: String {
        switch problem {
        case .notATrace: "this is not a Mitoscope trace: the first line must hold \"mitoscope-trace\""
        case .version(let version):
            "the trace has version \(version); this program reads \(TraceHeader.currentVersion)"
                + (version > TraceHeader.currentVersion ? ": a newer one wrote it" : "")
        case .lineTooLong: "the line is longer than \(TraceReader.lineBytesMax) bytes"
        case .expected(let what): "expected \(what)"
        case .outOfRange: "the number does not fit"
        case .badText: "the text is not valid"
        case .duplicateKey(let key): "the key \"\(key)\" stands here twice"
        case .tooDeep: "the value nests too deeply"
        case .unknownWord(let word): "the word \"\(word)\" is not known"
        case .missing(let key): "the key \"\(key)\" is missing"
        }
    }
}
