import MitoCore
import MitoReport
import MitoTrace

/// What contexts, functions and lines of a recorded run are called in its story. The language knows fewer names than
/// programs do.
struct ImportedNames: Sendable {
    /// The contexts that are up when the story begins, and those that it starts; each in the order in which they came.
    private(set) var declared: [ContextID] = []
    private(set) var started: [ContextID] = []
    private(set) var notes: [String] = []
    private var names: [ContextID: String] = [.master: "master"]
    private var ups: [ContextID: Int] = [:]
    private var taken: Set<String> = ["master"]
    private var lineNames: Set<String> = Set(treeChecks.map { $0.key })

    init(_ recording: Recording) {
        let tree = recording.trace.tree
        for (position, record) in recording.records.enumerated() where record.event.kind == .linkUp {
            // Who is not the lower end of a link is its upper end, and sees it come up.
            let lower = record.event.link
            guard lower != .master, lower != record.context, ups.updateValue(position, forKey: lower) == nil else {
                continue
            }
            guard names[record.context] != nil else {
                notes.append("\(tree.name(lower)): it hangs on a context that was not seen to come up")
                continue
            }
            names[lower] = Self.free(tree.name(lower), orElse: "context", &taken)
            if position < recording.begin { declared.append(lower) } else { started.append(lower) }
        }
    }

    /// The name of a context; a context that the story does not have goes by its number.
    subscript(context: ContextID) -> String { names[context] ?? "context-\(context)" }

    func has(_ context: ContextID) -> Bool { names[context] != nil }

    /// Is `other` up before `context` starts, so that it can be called from there?
    func isUp(_ other: ContextID, before context: ContextID) -> Bool {
        guard let first = ups[other], let second = ups[context], has(other) else { return false }
        return first < second
    }

    /// Where it came up.
    func up(_ context: ContextID) -> Int? { ups[context] }

    /// A name for a line of the story: the one it was recorded with, where that is one.
    mutating func line(_ tag: String, orElse other: String) -> String {
        Self.free(tag.contains(".") ? "" : tag, orElse: other, &lineNames)
    }

    /// What stands behind a context's name.
    func fields(of context: ContextID, _ recording: Recording, _ functions: ImportedFunctions) -> FlowItem {
        var fields: [(String, FlowItem)] = []
        if let parent = recording.trace.tree.parent(of: context), parent != .master {
            fields.append(("via", .word(self[parent])))
        }
        if recording.unidirectional.contains(context) { fields.append(("unidirectional", .word("true"))) }
        if let link = MeasuredLink(of: context, in: recording.trace)?.item { fields.append(("link", link)) }
        let scripts = functions.scripts(of: context)
        if !scripts.isEmpty { fields.append(("functions", .map(scripts))) }
        return .map(fields)
    }

    /// `name` as the language has it, and as nobody in `taken` has it yet.
    static func free(_ name: String, orElse other: String, _ taken: inout Set<String>) -> String {
        let plain = plain(name, orElse: other)
        var candidate = plain
        var number = 2
        while !taken.insert(candidate).inserted {
            candidate = "\(plain)-\(number)"
            number += 1
        }
        return candidate
    }

    /// `[a-z][a-z0-9-]*`, with room for a number behind it.
    private static func plain(_ name: String, orElse other: String) -> String {
        let letters = name.lowercased().utf8.prefix(nameBytesMax).map { byte in
            (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) ? byte : 0x2D
        }
        let plain = letters.drop { !(0x61...0x7A).contains($0) }
        return plain.isEmpty ? other : String(decoding: plain, as: UTF8.self)
    }

    private static let nameBytesMax = 50
}
