import MitoLinux

/// Reads the command line from left to right. An option that makes no sense here is refused, never passed over.
struct RequestParser {
    private var rest: ArraySlice<String>
    private var manner = Request.Manner()

    /// - Parameter arguments: those after the program's own name.
    static func parse(_ arguments: some Sequence<String>) throws(Refusal) -> Request {
        var parser = RequestParser(rest: ArraySlice(arguments))
        return try parser.request()
    }

    private init(rest: ArraySlice<String>) { self.rest = rest }

    private mutating func request() throws(Refusal) -> Request {
        let verb: Request.Verb
        switch rest.popFirst() {
        case "enter": verb = .enter(try entry())
        case "create": verb = .create(try creation())
        case let word?: throw .usage("`\(word)` is neither enter, create nor capabilities")
        case nil: throw .usage("enter or create what? See mito-ns --help")
        }
        guard !rest.isEmpty else { throw .usage("after `--` comes the program that is to be run") }
        return Request(verb: verb, manner: manner, program: Array(rest))
    }

    private mutating func entry() throws(Refusal) -> Request.Entry {
        var entry = Request.Entry()
        while let option = try nextOption() {
            switch option {
            case "--pid": entry.process = try .pid(number(option))
            case "--pidfd": entry.process = .pidfd
            case "--only": entry.only = try kinds(option)
            case "--namespace":
                let (kind, place) = try namespace(option)
                entry.namespaces[kind] = place
            case "--root": entry.root = .path(try value(option))
            case "--keep-root": entry.root = .kept
            default: try readManner(option)
            }
        }
        guard entry.process != nil || !entry.namespaces.isEmpty || entry.root != .ofProcess else {
            throw .usage("enter takes --pid, --pidfd, --namespace or --root")
        }
        guard entry.only == nil || entry.process != nil else { throw .usage("--only chooses among those of a process") }
        return entry
    }

    private mutating func creation() throws(Refusal) -> Request.Creation {
        var creation = Request.Creation()
        while let option = try nextOption() {
            switch option {
            case "--new": creation.kinds.formUnion(try kinds(option))
            case "--map-user": creation.users.append(try map(option))
            case "--map-group": creation.groups.append(try map(option))
            case "--hostname": creation.hostname = try hostname(option)
            case "--mount-proc": creation.mountsProc = true
            case "--private-mounts": creation.hasPrivateMounts = true
            default: try readManner(option)
            }
        }
        func demand(_ kind: NamespaceKind, for option: String, _ isAsked: Bool) throws(Refusal) {
            if isAsked, !creation.kinds.contains(kind) { throw .usage("\(option) takes --new \(kind)") }
        }
        guard !creation.kinds.isEmpty else { throw .usage("create takes --new") }
        try demand(.user, for: "--map-user", !creation.users.isEmpty)
        try demand(.user, for: "--map-group", !creation.groups.isEmpty)
        try demand(.uts, for: "--hostname", creation.hostname != nil)
        try demand(.mount, for: "--mount-proc", creation.mountsProc)
        try demand(.mount, for: "--private-mounts", creation.hasPrivateMounts)
        return creation
    }

    private mutating func readManner(_ option: String) throws(Refusal) {
        switch option {
        case "--directory": manner.directory = try value(option)
        case "--user":
            let text = try value(option)
            guard let name = UserName(text) else { throw .usage("--user: `\(text)` is no USER or USER:GROUP") }
            manner.user = name
        case "--groups": manner.groups = try groups(option)
        case "--keep-capability":
            let name = try value(option)
            guard let capability = Capability(named: name) else {
                throw .usage("--keep-capability: there is no `\(name)`")
            }
            manner.kept.insert(capability)
        case "--keep-bounding": manner.keepsBounding = true
        case "--allow-new-privileges": manner.allowsNewPrivileges = true
        case "--die-with-parent": manner.diesWithParent = true
        case "--image": manner.isImage = true
        case "--report": manner.reports = true
        default: throw .usage("`\(option)` is no option of this command")
        }
    }
}

extension RequestParser {
    /// The next word before `--`, which every command line must have: what is behind it is never read as an option.
    private mutating func nextOption() throws(Refusal) -> String? {
        guard let word = rest.popFirst() else { throw .usage("`--` and the program that is to be run are missing") }
        return word == "--" ? nil : word
    }

    private mutating func value(_ option: String) throws(Refusal) -> String {
        guard let value = rest.popFirst(), !value.isEmpty, value != "--" else {
            throw .usage("\(option) takes a value")
        }
        return value
    }

    private mutating func number(_ option: String) throws(Refusal) -> Int32 {
        let text = try value(option)
        guard let number = Int32(text), number > 0 else { throw .usage("\(option): `\(text)` is no process number") }
        return number
    }

    private mutating func kinds(_ option: String) throws(Refusal) -> Set<NamespaceKind> {
        var kinds: Set<NamespaceKind> = []
        for word in try value(option).split(separator: ",", omittingEmptySubsequences: false) {
            kinds.insert(try kind(String(word), option))
        }
        return kinds
    }

    private func kind(_ word: String, _ option: String) throws(Refusal) -> NamespaceKind {
        guard let kind = NamespaceKind(rawValue: word) else {
            let known = NamespaceKind.allCases.map(\.rawValue).joined(separator: " ")
            throw .usage("\(option): `\(word)` is none of \(known)")
        }
        return kind
    }

    /// `KIND=PATH` or `KIND=N`.
    private mutating func namespace(
        _ option: String
    ) throws(Refusal) -> (NamespaceKind, Request.Entry.Place) {
        let text = try value(option)
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, !parts[1].isEmpty else {
            throw .usage("\(option): `\(text)` is no KIND=PATH or KIND=N")
        }
        let kind = try kind(parts[0], option)
        guard parts[1].utf8.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }) else {
            return (kind, .path(parts[1]))
        }
        guard let number = Int32(parts[1]), number >= NamespaceContract.firstNamespace else {
            throw .usage("\(option): descriptors of namespaces begin with \(NamespaceContract.firstNamespace)")
        }
        return (kind, .descriptor(number))
    }

    private mutating func map(_ option: String) throws(Refusal) -> IDMap {
        let text = try value(option)
        guard let map = IDMap(text) else { throw .usage("\(option): `\(text)` is no IN:OUT:COUNT") }
        return map
    }

    private mutating func hostname(_ option: String) throws(Refusal) -> String {
        let name = try value(option)
        guard name.utf8.count <= 64 else { throw .usage("\(option): a host name has at most 64 bytes") }
        return name
    }

    private mutating func groups(_ option: String) throws(Refusal) -> [UInt32] {
        let text = try value(option)
        guard text != "none" else { return [] }
        let words = text.split(separator: ",", omittingEmptySubsequences: false)
        let numbers = words.compactMap { UInt32($0) }
        guard numbers.count == words.count, numbers.count <= 65536 else {
            throw .usage("\(option): `\(text)` is neither none nor GID,…")
        }
        return numbers
    }
}
