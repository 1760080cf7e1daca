import Glibc
import MitoLinux

/// A process in namespaces of its own, which `mito-ns` made.
final class Target {
    private let run: Run
    /// The number of the process inside.
    let pid: String

    init(_ options: [String], program: String = Ns.path, as user: Run.User = .own, _ words: [String] = []) throws {
        let command = words.isEmpty ? ["/bin/sleep", "1000"] : words
        run = try Run([program, "create"] + options + ["--die-with-parent", "--"] + command, as: user)
        let starter = run.pid
        let name = command[0].split(separator: "/").last.map(String.init) ?? ""
        var found: Int32?
        // The program has its name once it is executed.
        _ = eventually {
            let children = proc("\(starter)/task/\(starter)/children")?.split(separator: " ").compactMap { Int32($0) }
            found = ([starter] + (children ?? [])).first { proc("\($0)/comm") == "\(name)\n" }
            return found != nil
        }
        guard let found else { throw SystemError("execve", ESRCH) }
        pid = "\(found)"
    }

    var process: Int32 { Int32(pid) ?? 0 }

    func say(_ line: String) throws { try run.say(line) }

    func end() { kill(process, SIGKILL) }
}
