import MitoLive
import Mitoscope

/// The names that one file gives, so that every reference can be checked where it stands.
struct Glossary {
    /// What a name given with `as:` stands for.
    enum Kind {
        case call(from: String, hasReply: Bool)
        case receiver(in: String)
        case select
        case deed

        /// What it is, for an error message.
        var noun: String {
            switch self {
            case .call: "a call"
            case .receiver: "a receiver"
            case .select: "a select"
            case .deed: "what is no call"
            }
        }
    }

    /// `master`, then the names under `contexts` and those that the story connects.
    private(set) var contexts = ["master"]
    /// Functions that contexts define, by `context.function`.
    private(set) var functions: Set<String> = []
    private var kinds: [String: Kind] = [:]
    /// In the order of the file; an entry may only wait for what stands before it.
    private(set) var names: [String] = []
    let sheet: ErrorSheet

    init(sheet: ErrorSheet) { self.sheet = sheet }

    private static let builtIn = BuiltInFunctions.all.map(\.name)
    /// What only a real context can do.
    static let ofHosts = HostFunctions.all.map(\.name)

    mutating func add(context: Item, named name: String) {
        if contexts.contains(name) {
            sheet.note(context.position, "there is a context '\(name)' already", hint: "names are unique in the file")
        }
        contexts.append(name)
    }

    mutating func add(function: String, of context: String) { functions.insert("\(context).\(function)") }

    mutating func add(name: String, _ kind: Kind, at position: SourcePosition) {
        if kinds[name] != nil {
            sheet.note(position, "the name '\(name)' is taken", hint: "names given with `as` are unique in the file")
        }
        names.append(name)
        kinds[name] = kind
    }

    /// The kind of what is called `name`, nil when nothing is.
    func kind(of name: String) -> Kind? { kinds[name] }
}

// MARK: References

extension Glossary {
    /// The name of a context that the file knows.
    func context(_ item: Item, _ what: String = "context") -> String? {
        guard let name = sheet.text(item, what) else { return nil }
        return context(name, at: item.position)
    }

    /// The name of a context that was started: master cannot be meant, and `why` tells.
    func startedContext(_ item: Item, notMaster why: String) -> String? {
        guard let name = context(item) else { return nil }
        guard name == "master" else { return name }
        sheet.note(item.position, why, hint: "name another context")
        return nil
    }

    func context(_ name: String, at position: SourcePosition) -> String? {
        if contexts.contains(name) { return name }
        sheet.noteUnknown("context", name, at: position, known: contexts)
        return nil
    }

    /// A name that the story gave with `as:`.
    func name(_ item: Item) -> String? {
        guard let name = sheet.text(item, "a name") else { return nil }
        return self.name(name, at: item.position)
    }

    func name(_ name: String, at position: SourcePosition) -> String? {
        if names.contains(name) { return name }
        sheet.noteUnknown("name", name, at: position, known: names)
        return nil
    }

    /// Does this function work on its context's host? One that the context defines itself never does.
    func isOnHost(_ function: String, of context: String) -> Bool {
        Self.ofHosts.contains(function) && !functions.contains("\(context).\(function)")
    }

    /// `context.function`. The function is one that the context defines, or a built-in one.
    func function(_ item: Item) -> (context: String, function: String)? {
        guard let text = sheet.text(item, "a function") else { return nil }
        guard let dot = text.firstIndex(of: "."), text.index(after: dot) != text.endIndex else {
            sheet.note(item.position, "'\(shown(text))' names no function", hint: "write context.function: db.echo")
            return nil
        }
        guard let context = context(String(text[..<dot]), at: item.position) else { return nil }
        let function = String(text[text.index(after: dot)...])
        if context == "master" {
            sheet.note(item.position, "master has no functions", hint: "call one in another context")
            return nil
        }
        let known = functions.filter { $0.hasPrefix("\(context).") }.map {
            String($0.dropFirst(context.utf8.count + 1))
        }
        let all = known.sorted() + Self.builtIn + Self.ofHosts
        guard all.contains(function) else {
            sheet.noteUnknown("function of \(context)", function, at: item.position, known: all)
            return nil
        }
        return (context, function)
    }
}
