import Glibc
import MitoLinux

/// Settings of the kernel for the network namespace that the thread is in.
enum Sysctl {
    /// Sets one, by its path below `/proc/sys`.
    static func set(_ path: String, _ value: String) throws(SystemError) {
        do throws(SystemError) {
            _ = try FileDescriptor.replacing("/proc/sys/\(path)").writeAll(Array(value.utf8))
        } catch {
            throw SystemError("sysctl \(path)", error.code)
        }
    }

    /// The same; false when this kernel does not have it, or not this value.
    @discardableResult
    static func setWherePossible(_ path: String, _ value: String) throws(SystemError) -> Bool {
        do throws(SystemError) {
            try set(path, value)
            return true
        } catch {
            guard [ENOENT, EINVAL, EACCES, EPERM].contains(error.code) else { throw error }
            return false
        }
    }
}
