import Foundation

/// A user without any privilege, with copies of the programs that it may read, in a folder that it may write to.
final class OrdinaryUser {
    let folder = FileManager.default.temporaryDirectory.appending(path: "mitoscope-user-\(UUID())")
    /// Is it the superuser instead?
    let isPrivileged: Bool

    init(isPrivileged: Bool = false) throws {
        self.isPrivileged = isPrivileged
        let files = FileManager.default
        try files.createDirectory(at: folder, withIntermediateDirectories: true)
        if !isPrivileged { try files.setAttributes([.posixPermissions: 0o777], ofItemAtPath: folder.path) }
        let environment = ProcessInfo.processInfo.environment
        let release = root.appending(path: ".build/release")
        for (name, variable) in [
            ("mito-ns", "MITOSCOPE_NS"), ("mito-lab", "MITOSCOPE_LAB"), ("mito-agent", "MITOSCOPE_AGENT"),
            ("mitoscope", "MITOSCOPE_RELEASE"),
        ] {
            let source = URL(filePath: environment[variable] ?? release.appending(path: name).path)
            try files.copyItem(at: source.resolvingSymlinksInPath(), to: folder.appending(path: name))
        }
        try files.copyItem(at: root.appending(path: "Scenarios"), to: folder.appending(path: "Scenarios"))
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    /// As the system calls it.
    var name: String {
        let id = isPrivileged ? 0 : geteuid() == 0 ? Self.number : geteuid()
        return getpwuid(id).map { String(cString: $0.pointee.pw_name) } ?? "\(id)"
    }

    /// Runs the program that ships.
    func mitoscope(_ words: [String], input: Data = Data()) throws -> Finished {
        try run([folder.appending(path: "mitoscope").path] + words, input: input)
    }

    /// Runs a program to its end.
    func run(_ words: [String], input: Data = Data()) throws -> Finished {
        let source = folder.appending(path: "input-\(UUID())")
        try input.write(to: source)
        let process = process(words)
        process.standardInput = try FileHandle(forReadingFrom: source)
        return try Finished(process)
    }

    /// Starts a program and lets it run.
    func start(_ words: [String]) throws -> Process {
        let process = process(words)
        (process.standardOutput, process.standardError) = (FileHandle.nullDevice, FileHandle.nullDevice)
        process.standardInput = FileHandle.nullDevice
        try process.run()
        return process
    }

    private func process(_ words: [String]) -> Process {
        let becoming = geteuid() == 0 && !isPrivileged ? Self.becoming : []
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.currentDirectoryURL = folder
        process.arguments = becoming + words
        process.environment = ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "TMPDIR": folder.path]
        return process
    }

    private static let number: UInt32 = 65534
    private static let becoming = ["setpriv", "--reuid", "\(number)", "--regid", "\(number)", "--clear-groups"]
}
