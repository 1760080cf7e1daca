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
