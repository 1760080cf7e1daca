import MitoLinux

/// The program by which Swift's runtime prints where a process crashed. It belongs to the toolchain, so that a host has
/// it or not; without it a crash is told by its signal and the message of the runtime.
enum Backtracer {
    /// `NAME=value` for the environment of a child; nil when there is no backtracer, and when somebody has chosen.
    static let setting: String? = {
        guard Machine.environmentVariable(variable) == nil else { return nil }
        return path.map { "\(variable)=\(options),swift-backtrace=\($0)" }
    }()

    private static var path: String? {
        let folders = Machine.environmentVariable("PATH")?.split(separator: ":") ?? []
        let compilers = folders.lazy.compactMap { Machine.realPath("\($0)/swift") }
        return compilers.compactMap { compiler in
            let folder = compiler.split(separator: "/", omittingEmptySubsequences: false).dropLast(2)
            let path = (folder + ["libexec", "swift", "linux", "swift-backtrace-static"]).joined(separator: "/")
            return Machine.isProgram(path) && !path.contains(",") ? path : nil
        }.first
    }

    private static let variable = "SWIFT_BACKTRACE"
    /// Into the last words, for people who are not there, and only what fits there.
    private static let options =
        "enable=yes,output-to=stderr,interactive=no,color=no,cache=no,threads=crashed,registers=none,images=none,"
        + "limit=24,timeout=10s"
}
