/// What a parent tells its child before the first frame: who the child is, who is above it, and how it shall behave.
///
/// On the wire it is Python source whose last line is `ExternalContext({…}).main()`. To a Python child the text above
/// that line is the program that it runs; between our own contexts the line stands alone.
///
/// ```swift
/// let preamble = Preamble(contextID: ContextID(3), parentIDs: [ContextID(1), .master], name: "web")
/// let same = try Preamble(preamble.text())
/// ```
public struct Preamble: Hashable, Sendable {
    /// The child's own id.
    public var contextID: ContextID
    /// The ancestors, the parent first and the root last; never empty.
    public var parentIDs: [ContextID]
    /// The child's name; empty when the parent is a Python program, which does not tell it.
    public var name: String
    /// The longest payload in bytes that the child takes or sends.
    public var maxMessageSize = 128 * 1024 * 1024
    /// The child lets through only what comes from, or goes to, an ancestor.
    public var isUnidirectional = false
    /// The least levels of the loggers root, `mitogen` and `mitogen.io`.
    public var logLevels = [20, 20, 20]
    /// The child writes a verbose log to a file of its own.
    public var isDebugging = false
    /// The child profiles its threads.
    public var isProfiling = false
    /// The version of the protocol's original that is spoken.
    public var version = [0, 3, 54]
    /// Modules that a Python child never asks for, and those that it always asks for.
    public var importBlocks: [String] = []
    public var importOverrides: [String] = []
    /// Who may call the child's functions. A Python parent does not say: then it is as in the original.
    public var callers = Node.Callers.parents
    /// Which build of ours the parent is, so that a child of another build can say so.
    public var build: String?
    /// How long the child's own orderly end may take; nil = the usual time.
    public var shutdownGrace: Duration?
    /// Every key that is not named above, in order. What no Python literal can say is left out of `text`.
    public var extras: [Value.Pair] = []
    /// What stands above the last line: the program of a Python child, or nothing.
    public var source: [UInt8] = []

    public init(contextID: ContextID, parentIDs: [ContextID], name: String) {
        self.contextID = contextID
        self.parentIDs = parentIDs
        self.name = name
    }
}

/// Why a text is no preamble, in one sentence that names the key where one is at fault.
public struct PreambleError: Error, Hashable, Sendable, CustomStringConvertible {
    public var description: String

    public init(_ description: String) { self.description = description }
}

// MARK: Reading

extension Preamble {
    /// Reads the last line of `text` and keeps what is above it.
    public init(_ text: [UInt8]) throws(PreambleError) {
        let end = text.lastIndex { $0 != 0x0A && $0 != 0x0D } ?? -1
        let start = text[..<(end + 1)].lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
        let line = text[start..<(end + 1)]
        guard line.starts(with: Self.opening.utf8),
            line.suffix(Self.closing.utf8.count).elementsEqual(Self.closing.utf8),
            line.count >= Self.opening.utf8.count + Self.closing.utf8.count
        else { throw PreambleError("the preamble does not end with \(Self.opening){…}\(Self.closing)") }
        var entries = Entries(try Self.dict(line.dropFirst(Self.opening.utf8.count).dropLast(Self.closing.utf8.count)))

        contextID = try entries.context("context_id")
        parentIDs = try entries.contexts("parent_ids")
        maxMessageSize = Int(try entries.int("max_message_size", in: 0...Int64(UInt32.max)))
        isUnidirectional = try entries.bool("unidirectional")
        isDebugging = try entries.bool("debug")
        isProfiling = try entries.bool("profiling")
        logLevels = try entries.ints("log_levels")
        version = try entries.ints("version")
        importBlocks = try entries.texts("import_blocks")
        importOverrides = try entries.texts("import_overrides")
        name = try entries.optionalText("mitoscope_name") ?? ""
        build = try entries.optionalText("mitoscope_build")
        callers = try entries.callers("mitoscope_callers")
        shutdownGrace = try entries.optionalDuration("mitoscope_grace")
        extras = entries.rest
        source = Array(text[..<start])
    }

    private static func dict(_ literal: ArraySlice<UInt8>) throws(PreambleError) -> [Value.Pair] {
        var reader = PythonLiteralReader(literal)
        do throws(PythonLiteralReader.Malformed) {
            let value = try reader.read()
            if case .dict(let pairs) = value, reader.position == literal.endIndex { return pairs }
        } catch {
            throw PreambleError("the preamble is malformed: \(error.why), at byte \(error.offset)")
        }
        throw PreambleError("the preamble is malformed: expected one dict")
    }

    private static let opening = "ExternalContext("
    private static let closing = ").main()"
}

/// The keys of a preamble; what was asked for is taken out.
private struct Entries {
    private(set) var rest: [Value.Pair]

    init(_ pairs: [Value.Pair]) { rest = pairs }

    mutating func int(_ key: String, in range: ClosedRange<Int64>) throws(PreambleError) -> Int64 {
        guard case .int(let number) = try required(key), range.contains(number) else {
            throw PreambleError("the preamble's \(key) is not an int from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    mutating func bool(_ key: String) throws(PreambleError) -> Bool {
        guard case .bool(let flag) = try required(key) else {
            throw PreambleError("the preamble's \(key) is not a bool")
        }
        return flag
    }

    mutating func context(_ key: String) throws(PreambleError) -> ContextID {
        ContextID(UInt32(try int(key, in: 0...Int64(UInt32.max))))
    }

    mutating func contexts(_ key: String) throws(PreambleError) -> [ContextID] {
        var contexts: [ContextID] = []
        for item in try items(key) {
            guard case .int(let number) = item, let id = UInt32(exactly: number) else {
                throw PreambleError("the preamble's \(key) are not context ids")
            }
            contexts.append(ContextID(id))
        }
        guard !contexts.isEmpty else { throw PreambleError("the preamble's \(key) are empty") }
        return contexts
    }

    mutating func ints(_ key: String) throws(PreambleError) -> [Int] {
        var numbers: [Int] = []
        for item in try items(key) {
            guard case .int(let number) = item else { throw PreambleError("the preamble's \(key) are not ints") }
            numbers.append(Int(number))
        }
        return numbers
    }

    mutating func texts(_ key: String) throws(PreambleError) -> [String] {
        var texts: [String] = []
        for item in try items(key) {
            guard case .text(let text) = item else { throw PreambleError("the preamble's \(key) are not text") }
            texts.append(text.string)
        }
        return texts
    }

    mutating func optionalText(_ key: String) throws(PreambleError) -> String? {
        switch take(key) {
        case nil, Value.none?: return nil
        case .text(let text)?: return text.string
        default: throw PreambleError("the preamble's \(key) is not text")
        }
    }

    mutating func optionalDuration(_ key: String) throws(PreambleError) -> Duration? {
        switch take(key) {
        case nil, Value.none?: return nil
        case .int(let nanoseconds)? where nanoseconds >= 0: return .nanoseconds(nanoseconds)
        default: throw PreambleError("the preamble's \(key) is not a length of time")
        }
    }

    mutating func callers(_ key: String) throws(PreambleError) -> Node.Callers {
        guard let word = try optionalText(key) else { return .parents }
        guard let callers = Node.Callers(rawValue: word) else {
            throw PreambleError("the preamble's \(key) is an unknown word")
        }
        return callers
    }

    private mutating func items(_ key: String) throws(PreambleError) -> [Value] {
        switch try required(key) {
        case .list(let items), .tuple(let items): return items
        default: throw PreambleError("the preamble's \(key) is not a list")
        }
    }

    private mutating func required(_ key: String) throws(PreambleError) -> Value {
        guard let value = take(key) else { throw PreambleError("the preamble has no \(key)") }
        return value
    }

    private mutating func take(_ key: String) -> Value? {
        guard let place = rest.firstIndex(where: { $0.key == .text(key) }) else { return nil }
        return rest.remove(at: place).value
    }
}

// MARK: Writing

extension Preamble {
    /// The text that a child reads: `source`, if any, and the last line with its line feed.
    public func text() -> [UInt8] {
        var entries: [Value.Pair] = [
            .init("context_id", .int(Int64(contextID.rawValue))),
            .init("parent_ids", .list(parentIDs.map { .int(Int64($0.rawValue)) })),
            .init("max_message_size", .int(Int64(maxMessageSize))),
            .init("unidirectional", .bool(isUnidirectional)),
            .init("debug", .bool(isDebugging)),
            .init("profiling", .bool(isProfiling)),
            .init("log_levels", .list(logLevels.map { .int(Int64($0)) })),
            .init("version", .tuple(version.map { .int(Int64($0)) })),
            .init("import_blocks", .list(importBlocks.map { .text($0) })),
            .init("import_overrides", .list(importOverrides.map { .text($0) })),
            .init("mitoscope_name", .text(name)),
            .init("mitoscope_callers", .text(callers.rawValue)),
        ]
        if let build { entries.append(.init("mitoscope_build", .text(build))) }
        if let shutdownGrace { entries.append(.init("mitoscope_grace", .int(shutdownGrace.nanoseconds))) }
        entries += extras
        let written = entries.compactMap { entry in
            if let key = entry.key.pythonLiteral, let value = entry.value.pythonLiteral {
                "\(key): \(value)"
            } else {
                nil
            }
        }
        var text = source
        if let last = text.last, last != 0x0A { text.append(0x0A) }
        text.append(contentsOf: "\(Self.opening){\(written.joined(separator: ", "))}\(Self.closing)\n".utf8)
        return text
    }
}
