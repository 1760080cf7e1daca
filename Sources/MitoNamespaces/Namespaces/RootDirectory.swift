import CMitoLinux
import Glibc
import MitoLinux

/// A root directory that is held open before anything is joined, and taken over afterwards, if it is still the same.
struct RootDirectory {
    private let name: String
    private let descriptor: Shared<FileDescriptor>
    private let place: Place
    private let process: HeldProcess?

    /// That of a process.
    init(of process: HeldProcess, _ privileges: inout Privileges) throws(Refusal) {
        let what = "the root directory of process \(process.pid)"
        let number = try privileges.perform(.lookIntoProcess, .open, what) {
            mito_open_folder(process.folderNumber, "root", 1)
        }
        try self.init(FileDescriptor(owning: number), what, process)
    }

    /// That which somebody names.
    init(at path: String) throws(Refusal) {
        let what = "the root directory \(path)"
        let descriptor = try during(.open, what) { () throws(SystemError) in
            FileDescriptor(owning: try system("open") { mito_open_folder(AT_FDCWD, path, 1) })
        }
        try self.init(descriptor, what, nil)
    }

    private init(
        _ descriptor: consuming FileDescriptor, _ name: String, _ process: HeldProcess?
    ) throws(Refusal) {
        place = try Place(of: descriptor.number, name)
        self.descriptor = Shared(descriptor)
        self.name = name
        self.process = process
    }

    /// Makes it the root directory of this process, with which every path begins from now on, and goes there. Does
    /// nothing where it is that already.
    func enter(_ privileges: inout Privileges) throws(Refusal) {
        try checkUnchanged(&privileges)
        // Joining mounts leads there already, as a rule.
        if try Place(of: AT_FDCWD, path: "/", name) == place { return }
        let number = descriptor.number
        try during(.root, name) { () throws(SystemError) in try system("fchdir") { fchdir(number) } }
        try privileges.perform(.changeRoot, .root, name) { chroot(".") }
        try during(.root, name) { () throws(SystemError) in try system("chdir") { chdir("/") } }
    }

    /// A process that has another root by now is no longer the container that was opened.
    private func checkUnchanged(_ privileges: inout Privileges) throws(Refusal) {
        guard let process else { return }
        let number = try privileges.perform(.lookIntoProcess, .root, name) {
            mito_open_folder(process.folderNumber, "root", 1)
        }
        let now = FileDescriptor(owning: number)
        guard try Place(of: now.number, name) == place else {
            throw Refusal(.root, code: ESTALE, "\(name) was replaced while it was entered")
        }
    }
}

/// Which directory it is, and by which mount it was reached.
private struct Place: Equatable {
    private let device: UInt64
    private let file: UInt64
    private let mount: UInt64

    init(of folder: Int32, path: String = "", _ name: String) throws(Refusal) {
        var found = mito_place()
        try during(.root, name) { () throws(SystemError) in try system("statx") { mito_place(folder, path, &found) } }
        (device, file, mount) = (found.device, found.file, found.mount)
    }
}
