import Foundation
import MitoLab
import MitoLinux

/// The programs that this one starts: each is the one that an environment variable names, else the one inside this
/// program, else the one beside it.
///
/// ```swift
/// let settings = LiveWorld.Settings(image: ShippedProgram.agent.path)
/// ```
enum ShippedProgram: String, CaseIterable {
    /// What contexts are.
    case agent = "mito-agent"
    /// What a lab is made of.
    case lab = "mito-lab"
    /// Makes namespaces and enters them.
    case ns = "mito-ns"

    /// Where it is. One that is inside this program is put into memory at the first use, and stays there.
    var path: String {
        switch self {
        case .agent: Self.agentPath
        case .lab: Self.labPath
        case .ns: Self.nsPath
        }
    }

    /// What people call it.
    var name: String { named == nil ? rawValue : URL(filePath: path).lastPathComponent }

    /// What names another one.
    var variable: String {
        switch self {
        case .agent: "MITOSCOPE_AGENT"
        case .lab: "MITOSCOPE_LAB"
        case .ns: "MITOSCOPE_NS"
        }
    }

    private static let agentPath = agent.found
    private static let labPath = lab.found
    private static let nsPath = ns.found

    private var found: String { named ?? EmbeddedImage.find(rawValue)?.path ?? beside }
    private var named: String? { Machine.environmentVariable(variable) }

    private var beside: String {
        let own = Machine.realPath("/proc/self/exe") ?? CommandLine.arguments[0]
        return URL(filePath: own).deletingLastPathComponent().appending(path: rawValue).path
    }
}

extension LabPrograms {
    /// Those that this program starts.
    static var shipped: LabPrograms {
        LabPrograms(
            ns: ShippedProgram.ns.path, lab: ShippedProgram.lab.path, agent: ShippedProgram.agent.path)
    }
}
