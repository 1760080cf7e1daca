import Foundation

/// Where the program is that live contexts are started from: `MITOSCOPE_AGENT`, else beside this program.
enum AgentImage {
    static var path: String {
        if let path = ProcessInfo.processInfo.environment["MITOSCOPE_AGENT"], !path.isEmpty { return path }
        let own =
            (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
        return URL(filePath: own).deletingLastPathComponent().appending(path: "mito-agent").path
    }
}
