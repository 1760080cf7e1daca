import ArgumentParser
import Foundation
import MitoCore
import MitoLaunch
import Mitoscope

/// `sizes`: how many bytes it takes to start a context.
struct SizesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sizes", abstract: "Shows how many bytes start a context, stage by stage.",
        discussion: """
            The command line runs the image; the preamble is what its parent tells it first; the image is the program \
            itself, whose symbols need not be sent anywhere. Without a file, the image is mito-agent.
              mitoscope sizes
              mitoscope sizes build-arm/my-program build-x86/my-program
              mitoscope sizes --json
            """)

    @Argument(help: "Programs that contexts are started from.", completion: .file())
    var images: [String] = []

    @Flag(help: "Print one JSON object for each line.")
    var json = false

    func run() throws {
        let terminal = Terminal()
        var rows = try Self.stages()
        do throws(ImageFile.Failure) {
            for path in images.isEmpty ? [ShippedProgram.agent.path] : images {
                let image = try ImageFile(path: path)
                let name = images.isEmpty ? ShippedProgram.agent.name : URL(filePath: path).lastPathComponent
                rows.append(Row("image", image.bytes, "\(name), \(image.architecture)"))
                rows.append(Row("  loaded", image.loadedBytes, "the same without its symbols"))
            }
        } catch {
            terminal.complain(error.description)
            return try ExitStatus.usage.leave()
        }
        guard !json else {
            for row in rows { terminal.say(JSONLine(of: row).text) }
            return
        }
        let width = rows.map { "\($0.bytes)".count }.max() ?? 0
        for row in rows {
            let name = row.stage.padding(toLength: 12, withPad: " ", startingAt: 0)
            let bytes = String(repeating: " ", count: width - "\(row.bytes)".count) + "\(row.bytes)"
            terminal.say("\(name)  \(bytes)  \(row.what)")
        }
    }

    /// A stage of a start, and how much it takes.
    private struct Row: Encodable {
        var stage: String
        var bytes: Int
        var what: String

        init(_ stage: String, _ bytes: Int, _ what: String) {
            (self.stage, self.bytes, self.what) = (stage, bytes, what)
        }
    }

    /// What a root would do to start a context called `web`, by each method that there is.
    private static func stages() throws -> [Row] {
        var agent = Agent(node: Node(master: Node.Configuration()), functions: BuiltInFunctions.all)
        agent.node.build = agent.build
        _ = agent.node.connect(ConnectRequest(name: "web"), at: .start)
        var rows: [Row] = []
        while let output = agent.node.poll() {
            guard case .launch(let plan) = output.order else { continue }
            let command = try LaunchCommand(plan, image: "mito-agent", usualName: try RemoteName("web"))
            let words = command.arguments.reduce(0) { $0 + $1.utf8.count + 1 }
            rows.append(Row("command", words, "\(plan.method): the words that the image is started with"))
            rows.append(Row("preamble", plan.preambleLength, "who the context is, written to its stdin"))
        }
        return rows
    }
}
