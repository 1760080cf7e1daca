import TestSupport
import Glibc
import MitoLinux
import Mitoscope

/// A container as one of this machine's own tools makes it, in a folder of its own. It is gone with this value, and
/// with this process, whatever becomes of that.
final class Container: Sendable {
    let target: SetnsTarget
    let options: SetnsOptions
    /// The first process in it.
    let leader: Int32
    /// What is in its command lines, mounts and cgroups, and in nothing else's.
    let mark: String
    /// Where all of it is that is a file.
    var place: String { folder.path }
    private let folder: TemporaryFolder
    private let kept: Kept
    private let stopping: @Sendable () -> Void
    private let clearing: @Sendable () -> Void

    init(
        _ target: SetnsTarget, toolPath: String? = nil, leader: Int32, mark: String, folder: TemporaryFolder,
        kept: Kept, stopping: @escaping @Sendable () -> Void, clearing: @escaping @Sendable () -> Void = {}
    ) {
        self.target = target
        var options = SetnsOptions()
        options.mitoNSPath = Built.ns
        options.toolPath = toolPath
        self.options = options
        self.leader = leader
        self.mark = mark
        self.folder = folder
        self.kept = kept
        self.stopping = stopping
        self.clearing = clearing
    }

    /// Stops it the way that its tool does.
    func stop() { stopping() }

    deinit {
        stopping()
        kept.end()
        _ = try? found("the end of \(mark)") { kill(kept.pid, 0) != 0 || isZombie(kept.pid) ? true : nil }
        clearing()
    }
}

private func isZombie(_ pid: Int32) -> Bool { Processes.found(pid)?.state == "Z" }
