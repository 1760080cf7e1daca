import CMitoLinux
import Glibc
import MitoLinux

/// `mito-ns`: joins namespaces, or makes them, and becomes another program in there, with no privilege left.
///
///     mito-ns enter --pid 4711 --user web -- id
///
/// It is the only program that may hold privileges. It has one thread, and no way back: whatever fails ends it.
public enum NamespaceProgram {
    /// Does what the command line says; `arguments` begins with the program's own name.
    public static func main(_ arguments: [String]) -> Never {
        let words = Array(arguments.dropFirst())
        let options = words.prefix { $0 != "--" }
        if words.isEmpty || options.contains("--help") || options.contains("-h") {
            print(Help.text, terminator: "")
            exit(words.isEmpty ? NamespaceContract.usageStatus : 0)
        }
        do throws(Refusal) {
            if options.first == "capabilities" {
                print(try CapabilityReport.text(Array(words.dropFirst())), terminator: "")
                exit(0)
            }
            try run(words)
        } catch {
            tell(error, isReported: options.contains("--report"))
            _exit(error.status)
        }
    }

    private static func run(_ words: [String]) throws(Refusal) -> Never {
        let request = try RequestParser.parse(words)
        // Nothing that the starter has open gets to the program; what is used here says so itself.
        _ = mito_close_on_exec_from(3)
        try checkDescriptors(request)
        let starter = getppid()
        if request.manner.diesWithParent { try bind(to: starter) }
        var privileges = try Privileges()

        let before = getuid()
        let made: NewNamespaces?
        let isForChildren: Bool
        var ownCopy: Int32?
        switch request.verb {
        case .enter(let entry):
            let joined = try ExistingNamespaces(entry, &privileges)
            if !request.manner.isImage { ownCopy = try OwnCopy.make() }
            let groupsMayGo = privileges.permitted.contains(.setGroup)
            // Over there it may be forbidden to give them up, and they are rights over here.
            if joined.changesUsers, groupsMayGo { try privileges.setGroups([]) }
            // From here on a process in there may see this one: its file, this program, is none of its business. The
            // kernel forgets it with exec.
            _ = mito_set_dumpable(0)
            try joined.join(&privileges)
            (made, isForChildren) = (nil, joined.isForChildren)
        case .create(let creation):
            let new = NewNamespaces(creation)
            try new.make(&privileges)
            (made, isForChildren) = (new, new.isForChildren)
        }
        let identity = try Identity.wanted(request.manner, before: before)

        guard isForChildren else {
            try made?.furnish(&privileges)
            try PrivilegeDrop(identity, request.manner).perform(&privileges)
            if request.manner.diesWithParent { try bind(to: starter) }
            try Execution(request, identity, ownCopy: ownCopy).execute()
        }
        switch try Offspring.fork() {
        case .parent(let offspring):
            var nothing = request.manner
            (nothing.kept, nothing.keepsBounding, nothing.allowsNewPrivileges) = ([], false, false)
            try PrivilegeDrop(identity, nothing).perform(&privileges)
            if request.manner.diesWithParent { try bind(to: starter) }
            offspring.follow(closing: [0, 1, 2] + request.programDescriptors + [ownCopy].compactMap(\.self))
        case .child(let bond):
            try made?.furnish(&privileges)
            try PrivilegeDrop(identity, request.manner).perform(&privileges)
            try bond.hold()
            try Execution(request, identity, ownCopy: ownCopy).execute()
        }
    }

    /// What is said to be open is, so that nothing of ours takes its number.
    private static func checkDescriptors(_ request: Request) throws(Refusal) {
        for number in 0...2 as ClosedRange<Int32> where fcntl(number, F_GETFD) < 0 { _ = open("/dev/null", O_RDWR) }
        for number in request.descriptors where fcntl(number, F_GETFD) < 0 {
            throw .usage("descriptor \(number) is not open")
        }
    }

    /// Ends this process when its starter ends: now too, if that came first.
    private static func bind(to starter: Int32) throws(Refusal) {
        try during(.start, "the bond to the starter") { () throws(SystemError) in
            try system("prctl") { mito_set_parent_death_signal(SIGKILL) }
        }
        if getppid() != starter { _exit(NamespaceContract.failedStatus) }
    }

    private static func tell(_ refusal: Refusal, isReported: Bool) {
        let text = isReported ? refusal.report : "mito-ns: \(refusal.text)\n"
        let bytes = Array(text.utf8)
        if write(isReported ? NamespaceContract.report : 2, bytes, bytes.count) < 0 { _ = write(2, bytes, bytes.count) }
    }
}
