public import MitoCore

/// How a function failed, as its caller sees it: the cause of a `MitoscopeError` whose code is `.call`.
///
/// ```swift
/// do { try await web.call(report, "disk") }
/// catch { if let failure = error.callError { print(failure.function, failure.type, failure.message) } }
/// ```
public struct CallError: Error, Hashable, Sendable {
    /// The function that was called.
    public var function: String
    /// The type of what it threw, with its module: `demo.DiskFull`, `builtins.KeyError`.
    public var type: String
    /// What it threw says of itself.
    public var message: String
    /// The lines of what it was doing, where it sent any: Python's frames, or the calls that it made itself.
    public var backtrace: String
    /// From the context that was called to the one where the error arose, through those that called each other.
    public var path: [ContextID]

    /// What a failed call of `function` in `context` answered.
    ///
    /// - Parameters:
    ///   - text: `type: message`, then a line for each frame.
    ///   - function: its name.
    ///   - context: the one that was called.
    public init(_ text: String, function: String, in context: ContextID) {
        self.function = function
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let start = lines.firstIndex(where: Self.isFrame) ?? lines.endIndex
        backtrace = lines[start...].joined(separator: "\n")
        path = [context] + lines[start...].compactMap(Self.hop).reversed()
        lines.removeSubrange(start...)
        let head = lines.joined(separator: "\n")
        (type, message) = Self.parts(of: head) ?? ("", head)
    }

    /// The frame for a call that a function made and that failed: whoever called that function reads it.
    static func frame(of function: String, in context: ContextID) -> String { "  in \(function) of context \(context)" }

    private static func isFrame(_ line: Substring) -> Bool { line.hasPrefix("  File \"") || hop(line) != nil }

    private static func hop(_ line: Substring) -> ContextID? {
        guard line.hasPrefix("  in "), let space = line.lastIndex(of: " "),
            line[..<space].hasSuffix(" of context"), let id = UInt32(line[line.index(after: space)...])
        else { return nil }
        return ContextID(id)
    }

    /// What stands before and after the first space, if a type's name and a colon stand before it.
    private static func parts(of head: String) -> (String, String)? {
        guard let space = head.utf8.firstIndex(of: UInt8(ascii: " ")) else { return nil }
        let type = head[..<space]
        guard type.count > 1, type.last == ":" else { return nil }
        return (String(type.dropLast()), String(head[head.utf8.index(after: space)...]))
    }
}

extension MitoscopeError {
    /// How the function that was called failed; nil when this is about something else.
    public var callError: CallError? { cause as? CallError }
}
