import Foundation
import MitoLinux

/// The program that live contexts are started from: the one that `MITOSCOPE_AGENT` names, else the one inside this
/// program, else the one beside it.
enum AgentImage {
    /// Where it is. One that is inside this program is put into memory at the first use, and stays there.
    static let path: String = named ?? EmbeddedImage.own?.path ?? beside

    /// What people call it.
    static var name: String { named == nil ? "mito-agent" : URL(filePath: path).lastPathComponent }

    private static var named: String? { Machine.environmentVariable("MITOSCOPE_AGENT") }

    private static var beside: String {
        let own = Machine.realPath("/proc/self/exe") ?? CommandLine.arguments[0]
        return URL(filePath: own).deletingLastPathComponent().appending(path: "mito-agent").path
    }
}
