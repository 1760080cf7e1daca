import CMitoLinux
import CMitoNamespaces
import Glibc
import MitoLinux

/// The last step: the program takes this process's place.
struct Execution {
    private let request: Request
    private let identity: Identity?
    private let ownCopy: Int32?

    /// - Parameter ownCopy: this program in memory, where the program comes from a container.
    init(_ request: Request, _ identity: Identity?, ownCopy: Int32?) {
        self.request = request
        self.identity = identity
        self.ownCopy = ownCopy
    }

    /// Goes to the working directory and executes. Comes back only with a failure.
    func execute() throws(Refusal) -> Never {
        closeOthers()
        if let directory = request.manner.directory {
            try during(.start, "the working directory \(directory)") { () throws(SystemError) in
                try system("chdir") { chdir(directory) }
            }
        } else if let home = identity?.home, chdir(home) != 0 {
            chdir("/")
        }
        for (name, value) in identity?.environment ?? [] { setenv(name, value, 1) }
        let program = request.program[0]
        let code = withExtendedLifetime(CStrings(lastStep + request.program)) { arguments in
            if request.manner.isImage {
                _ = mito_set_close_on_exec(NamespaceContract.image, 0)
                _ = mito_execute(NamespaceContract.image, arguments.pointers, environ)
            } else if let ownCopy {
                if request.manner.reports { _ = mito_set_close_on_exec(NamespaceContract.report, 0) }
                _ = mito_execute(ownCopy, arguments.pointers, environ)
            } else {
                _ = mito_execute_program(program, arguments.pointers, environ)
            }
            return errno
        }
        throw Refusal(
            .start, code: code,
            status: code == ENOENT ? NamespaceContract.noProgramStatus : NamespaceContract.notExecutableStatus,
            "\(program): \(String(cString: strerror(code)))")
    }

    /// Exec would close them, but before that a working directory may lead to `/proc/self/fd`, as a container's files
    /// have it, and a folder that the starter has open is a way out.
    private func closeOthers() {
        var first: Int32 = 3
        for number in (request.programDescriptors + [ownCopy].compactMap(\.self)).sorted() {
            mito_close_between(first, number - 1)
            first = number + 1
        }
        mito_close_between(first, .max)
    }

    /// The words that precede the program's own where it is `ownCopy` that executes it.
    private var lastStep: [String] {
        guard ownCopy != nil else { return [] }
        return [String(cString: mito_last_step()), "\(request.manner.reports ? NamespaceContract.report : 2)"]
    }
}
