import Foundation
import Testing

@testable import MitoscopeCommand

/// The articles of the documentation: what they tell a reader to type is typed here, and what they show is seen.
@Suite(.timeLimit(.minutes(2)))
struct ArticleTests {
    static let folder = root.appending(path: "Sources/Mitoscope/Mitoscope.docc")
    static let articles: [String] = {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.filter { $0.hasSuffix(".md") }.sorted()
    }()

    @Test(arguments: articles)
    func `every command of an article does what it shows`(name: String) throws {
        let folder = try Folder()
        try FileManager.default.createDirectory(atPath: folder.path(""), withIntermediateDirectories: true)
        for block in try Article(name).blocks {
            switch block.language {
            case "yaml": try block.text.write(toFile: folder.path(block.name), atomically: true, encoding: .utf8)
            case "console":
                for step in block.steps {
                    let output = try typed(step.command, in: folder.path(""))
                    #expect(output.shows(step.output), "\(name): \(step.command)\n\(output)")
                }
            default: break
            }
        }
    }

    @Test(arguments: articles)
    func `the code in an article stands in a file that is compiled`(name: String) throws {
        for block in try Article(name).blocks where block.language == "swift" && !block.isManifest {
            let code = try String(contentsOf: root.appending(path: block.name), encoding: .utf8)
            let shown = block.text.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)[1]
            #expect(code.contains(shown), "\(name): this is not in \(block.name):\n\(shown)")
        }
    }

    @Test func `the package of an article uses products that there are`() throws {
        let manifest = try String(contentsOf: root.appending(path: "Package.swift"), encoding: .utf8)
        let libraries = manifest.matches(of: /\.library\(\s*name: "(\w+)"/).map { String($0.1) }
        let used = try Self.articles.flatMap { try Article($0).blocks }.filter(\.isManifest).flatMap(\.products)
        #expect(used.contains("MitoSimulator"))
        #expect(used.filter { !libraries.contains($0) } == [])
    }

    @Test func `an article that shows what is not so is noticed`() {
        #expect("a\nb\nc\n".shows(["a", "…", "c"]) && "  a  \nb\n".shows(["a", "b"]))
        #expect(!"a\nb\n".shows(["b", "a"]) && !"a\n".shows(["a", "b"]))
        #expect(Self.articles.count >= 4)
    }

    /// What a command prints, its mistakes too.
    private func typed(_ command: String, in folder: String) throws -> String {
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = ["-c", command]
        process.currentDirectoryURL = URL(filePath: folder)
        var environment = ProcessInfo.processInfo.environment
        environment["PATH"] = root.appending(path: ".build/debug").path + ":" + (environment["PATH"] ?? "/usr/bin:/bin")
        process.environment = environment
        let output = Pipe()
        (process.standardOutput, process.standardError) = (output, output)
        try process.run()
        let text = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return String(decoding: text, as: UTF8.self)
    }
}

/// An article, cut into its blocks of code.
private struct Article {
    struct Block {
        var language: String
        var text: String

        /// The file that its first line names, in a comment.
        var name: String { String(text.prefix { $0 != "\n" }.drop { $0 == "#" || $0 == "/" || $0 == " " }) }

        /// Is it the manifest of a reader's own package, which is nowhere in here?
        var isManifest: Bool { name.hasPrefix("swift-tools-version") }

        /// The products that a manifest depends on.
        var products: [String] { text.matches(of: /\.product\(name: "(\w+)"/).map { String($0.1) } }

        /// What is typed after `$ `, and the lines that are shown below it.
        var steps: [(command: String, output: [String])] {
            text.split(separator: "\n").reduce(into: []) { steps, line in
                if line.hasPrefix("$ ") {
                    steps.append((String(line.dropFirst(2)), []))
                } else if !steps.isEmpty {
                    steps[steps.count - 1].output.append(String(line))
                }
            }
        }
    }

    var blocks: [Block] = []

    init(_ name: String) throws {
        let text = try String(contentsOf: ArticleTests.folder.appending(path: name), encoding: .utf8)
        for (place, part) in text.split(separator: "\n```", omittingEmptySubsequences: false).enumerated()
        where !place.isMultiple(of: 2) {
            let lines = part.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
            blocks.append(Block(language: String(lines[0]), text: lines.count > 1 ? String(lines[1]) + "\n" : ""))
        }
    }
}

extension String {
    /// Are these lines, or their beginnings, among ours in this order? `…` stands for whatever comes between.
    fileprivate func shows(_ expected: [String]) -> Bool {
        var rest = split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }[...]
        for line in expected where line != "…" {
            let wanted = line.trimmingCharacters(in: .whitespaces)
            guard let place = rest.firstIndex(where: { $0.contains(wanted) }) else { return false }
            rest = rest[(place + 1)...]
        }
        return true
    }
}
