import Glibc
import MitoLinux

/// A folder that is gone with its owner.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        path = "/tmp/\(uniqueName("mito"))"
        guard mkdir(path, 0o700) == 0 else { throw SystemError("mkdir", errno) }
    }

    /// Writes a program that is some lines of shell, and says where it is.
    ///
    /// Another process writes it. A file that this one has open for writing cannot be run, and a child that is about
    /// to become a program has it open too.
    func script(_ name: String, _ lines: String) throws -> String {
        let path = "\(path)/\(name)"
        let write = "printf '#!/bin/bash\n%s\n' \"$2\" > \"$1\" && chmod 755 \"$1\""
        let streams = try SocketPair()
        let writer = try ChildProcess(
            program: "/bin/sh", arguments: ["sh", "-c", write, "sh", path, lines], environment: Machine.environment,
            stream: streams.far)
        guard writer.waitForExit() == .status(0) else { throw SystemError("write", EIO) }
        return path
    }

    deinit { Self.remove(path) }

    private static func remove(_ path: String) {
        for name in Processes.names(in: path) {
            let inner = "\(path)/\(name)"
            if unlink(inner) != 0 { remove(inner) }
        }
        rmdir(path)
    }
}
