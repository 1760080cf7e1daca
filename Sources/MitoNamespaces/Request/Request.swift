import MitoLinux

/// What a command line asks for.
struct Request: Equatable {
    enum Verb: Equatable {
        case enter(Entry)
        case create(Creation)
    }

    /// Namespaces that are there already.
    struct Entry: Equatable {
        enum Source: Equatable {
            case pid(Int32)
            /// Behind descriptor 5.
            case pidfd
        }

        enum Place: Equatable {
            case path(String)
            case descriptor(Int32)
        }

        enum Root: Equatable {
            /// That of the process, if there is one.
            case ofProcess
            case path(String)
            case kept
        }

        var process: Source?
        /// Of the process's namespaces these alone; nil = all.
        var only: Set<NamespaceKind>?
        var namespaces: [NamespaceKind: Place] = [:]
        var root = Root.ofProcess
    }

    /// Namespaces that are to be made.
    struct Creation: Equatable {
        var kinds: Set<NamespaceKind> = []
        var users: [IDMap] = []
        var groups: [IDMap] = []
        var hostname: String?
        var mountsProc = false
        var hasPrivateMounts = false
    }

    /// How the program is run in them.
    struct Manner: Equatable {
        var directory: String?
        var user: UserName?
        /// nil = those that the user has.
        var groups: [UInt32]?
        var kept: CapabilitySet = []
        var keepsBounding = false
        var allowsNewPrivileges = false
        var diesWithParent = false
        var isImage = false
        var reports = false
    }

    var verb: Verb
    var manner: Manner
    /// The program and its arguments; never empty.
    var program: [String]

    /// Those above 2 that are there until the program begins. The others have an owner that closes them when they were
    /// of use, and their numbers are then given to something else.
    var programDescriptors: [Int32] {
        (manner.reports ? [NamespaceContract.report] : []) + (manner.isImage ? [NamespaceContract.image] : [])
    }

    /// Those above 2 that the starter must have opened.
    var descriptors: [Int32] {
        var numbers = programDescriptors
        if case .enter(let entry) = verb {
            if entry.process == .pidfd { numbers.append(NamespaceContract.process) }
            for kind in NamespaceKind.allCases {
                if case .descriptor(let number)? = entry.namespaces[kind] { numbers.append(number) }
            }
        }
        return numbers
    }
}

/// A user as the command line names him: `web`, `1000`, `1000:33`, `web:www-data`.
struct UserName: Equatable {
    var user: String
    var group: String?

    init(user: String, group: String? = nil) {
        self.user = user
        self.group = group
    }

    /// nil when it cannot be a user.
    init?(_ text: String) {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard parts.allSatisfy({ !$0.isEmpty && !$0.contains(where: { $0 == ":" || $0 == "\n" }) }) else { return nil }
        self.init(user: parts[0], group: parts.count == 2 ? parts[1] : nil)
    }
}

/// So many users or groups of a namespace, and who they are outside.
struct IDMap: Equatable {
    var inside: UInt32
    var outside: UInt32
    var count: UInt32

    init(inside: UInt32, outside: UInt32, count: UInt32) {
        self.inside = inside
        self.outside = outside
        self.count = count
    }

    /// `IN:OUT:COUNT`; nil when it is something else, or reaches beyond the last number.
    init?(_ text: String) {
        let numbers = text.split(separator: ":", omittingEmptySubsequences: false).compactMap { UInt32($0) }
        guard numbers.count == 3, text.utf8.allSatisfy({ $0 != UInt8(ascii: "+") }), numbers[2] > 0,
            numbers[0] <= .max - numbers[2], numbers[1] <= .max - numbers[2]
        else { return nil }
        self.init(inside: numbers[0], outside: numbers[1], count: numbers[2])
    }

    /// As the kernel takes it, and newuidmap.
    var words: [String] { ["\(inside)", "\(outside)", "\(count)"] }
}
