import Glibc
import MitoLinux

/// A folder that is gone with its owner.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        path = "/tmp/\(uniqueName("mito"))"
        guard mkdir(path, 0o700) == 0 else { throw SystemError("mkdir", errno) }
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
