import CMitoLinux
import Glibc
import MitoLinux

/// The last step: the program takes this process's place.
struct Execution {
    private let request: Request
    private let identity: Identity?

    init(_ request: Request, _ identity: Identity?) {
        self.request = request
        self.identity = identity
    }

    /// Goes to the working directory and executes. Comes back only with a failure.
    func execute() throws(Refusal) -> Never {
        if let directory = request.manner.directory {
            try during(.start, "the working directory \(directory)") { () throws(SystemError) in
                try system("chdir") { chdir(directory) }
            }
        } else if let home = identity?.home, chdir(home) != 0 {
            chdir("/")
        }
        for (name, value) in identity?.environment ?? [] { setenv(name, value, 1) }
        let program = request.program[0]
        let code = withExtendedLifetime(CStrings(request.program)) { arguments in
            if request.manner.isImage {
                _ = mito_set_close_on_exec(NamespaceContract.image, 0)
                _ = mito_execute(NamespaceContract.image, arguments.pointers, environ)
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
}
