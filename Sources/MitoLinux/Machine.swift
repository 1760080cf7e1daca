import CMitoLinux
import Glibc

/// What this process sees of the machine that it runs on.
public enum Machine {
    /// Nanoseconds of CLOCK_MONOTONIC: the same clock for every process of a host.
    public static var monotonicNanoseconds: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }

    /// Nanoseconds since 1970, as the machine's clock says.
    public static var realNanoseconds: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }

    /// Where relative paths of this process begin.
    public static var workingFolder: String? {
        guard let path = getcwd(nil, 0) else { return nil }
        defer { free(path) }
        return String(cString: path)
    }

    /// Lets relative paths of this process begin in another folder.
    public static func enterFolder(_ path: String) throws(SystemError) { try system("chdir") { chdir(path) } }

    /// What this process was started with, its own name first; known without `/proc` too.
    public static var arguments: [String] {
        (0..<mito_argument_count()).map { String(cString: mito_argument($0)) }
    }

    /// How many processors this process may run on.
    public static var usableProcessors: Int {
        Int(mito_usable_processors())
    }

    /// This process's number.
    public static var processID: Int32 { getpid() }

    /// This host's name, as it calls itself.
    public static var hostName: String {
        var name = [CChar](repeating: 0, count: 256)
        guard gethostname(&name, name.count - 1) == 0 else { return "localhost" }
        return String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// Who runs this process: as `USER` says, else by number. A static program cannot read the user database.
    public static var userName: String { environmentVariable("USER") ?? "\(getuid())" }

    /// `NAME=value` of every environment variable.
    public static var environment: [String] {
        var entries: [String] = []
        var next = environ
        while let entry = next.pointee {
            entries.append(String(cString: entry))
            next += 1
        }
        return entries
    }

    /// One environment variable, which what is started from here will not have.
    public static func takeEnvironmentVariable(_ name: String) -> String? {
        defer { unsetenv(name) }
        return environmentVariable(name)
    }

    /// How many descriptors this process may have; nil when that cannot be told.
    public static var descriptorLimit: Int? {
        var limit = rlimit()
        return getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 ? Int(clamping: limit.rlim_cur) : nil
    }

    /// Lets this process have as many descriptors as its administrator allows; false when it has that already.
    public static func raiseDescriptorLimit() -> Bool {
        var limit = rlimit()
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        guard getrlimit(resource, &limit) == 0, limit.rlim_cur < limit.rlim_max else { return false }
        limit.rlim_cur = limit.rlim_max
        return setrlimit(resource, &limit) == 0
    }

    /// Is there a program of this path that this process may run?
    public static func isProgram(_ path: String) -> Bool { access(path, X_OK) == 0 }

    /// Where a program is that was named by a path, or by a name to be looked up in PATH; nil when it is nowhere.
    public static func program(_ name: String) -> String? {
        guard !name.utf8.contains(UInt8(ascii: "/")) else { return isProgram(name) ? name : nil }
        let folders = environmentVariable("PATH")?.split(separator: ":") ?? []
        return folders.lazy.map { "\($0)/\(name)" }.first(where: isProgram)
    }

    /// Where a path really leads; nil when there is nothing.
    public static func realPath(_ path: String) -> String? {
        guard let real = realpath(path, nil) else { return nil }
        defer { free(real) }
        return String(cString: real)
    }

    /// Becomes another program; its arguments begin with its own name. Returns only by an error.
    public static func become(_ program: String, _ arguments: [String]) throws(SystemError) {
        let words = CStrings(arguments)
        try system("execvp") { withExtendedLifetime(words) { execvp(program, words.pointers) } }
    }

    /// Lets no program that is started from here have a capability for the sake of this process.
    public static func forgetAmbientCapabilities() throws(SystemError) {
        try system("prctl") { mito_forget_ambient() }
    }

    /// What a symbolic link names; nil when it is none, or not ours to read.
    public static func linkTarget(_ path: String) -> String? {
        var name = [CChar](repeating: 0, count: 4096)
        let count = readlink(path, &name, name.count)
        guard count > 0 else { return nil }
        return String(decoding: name[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// What a file says, as far as it is text; nil when it cannot be read, or has more than `bytesMax`.
    public static func text(of path: String, bytesMax: Int = 1 << 20) -> String? {
        guard let bytes = try? FileDescriptor.reading(path).readAll(bytesMax: bytesMax) else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The names in a folder, in no order; none when it cannot be read.
    public static func names(in folder: String) -> [String] {
        guard let stream = opendir(folder) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            // An entry ends with its name: it may be shorter than its type.
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    /// One environment variable; nil when unset or empty.
    public static func environmentVariable(_ name: String) -> String? {
        guard let value = getenv(name), value.pointee != 0 else { return nil }
        return String(cString: value)
    }

    /// From now on SIGTERM does nothing to this process: what is about to end anyway is not to be hurried.
    public static func disregardTermination() { _ = mito_disregard_signal(SIGTERM) }

    /// From now on SIGINT does nothing to this process. A terminal sends it to every process of a program; what
    /// becomes of the others is for the first one to say.
    public static func disregardInterrupt() { _ = mito_disregard_signal(SIGINT) }

    /// Blocks the calling thread.
    public static func sleep(nanoseconds: Int64) {
        var rest = timespec(tv_sec: Int(nanoseconds / 1_000_000_000), tv_nsec: Int(nanoseconds % 1_000_000_000))
        var left = timespec()
        while nanosleep(&rest, &left) != 0 && errno == EINTR { rest = left }
    }
}
