import Glibc
import Testing

/// Something that the text of the project must keep, and how to see where it does not.
struct Rule: Sendable, CustomTestStringConvertible {
    /// The rule as a sentence.
    let sentence: String
    /// Sees the whole project, since some rules need more than one file.
    let findings: @Sendable ([SourceFile]) -> [Finding]

    init(_ sentence: String, findings: @escaping @Sendable ([SourceFile]) -> [Finding]) {
        self.sentence = sentence
        self.findings = findings
    }

    /// A rule that looks at one line of code at a time in the files that `applies` chooses.
    ///
    /// Only lines with one of `words` in them are looked at: patterns are dear, and most lines have nothing to hide.
    init(
        _ sentence: String, in applies: @escaping @Sendable (SourceFile) -> Bool, mentioning words: [String],
        complaint: @escaping @Sendable (_ code: String) -> String?
    ) {
        self.init(sentence) { files in
            files.filter(applies).flatMap { file in
                file.code.enumerated().filter { $0.element.mentions(words) }.compactMap { index, line in
                    complaint(line).map { Finding(path: file.path, line: index + 1, complaint: $0) }
                }
            }
        }
    }

    var testDescription: String { sentence }

    static let all: [Rule] = [
        .coreImports, .shippedImports, .traceReaderImports,
        .noClock, .noChance, .noHashValue, .noUnordered, .noFloats,
        .lineLength, .fileLength, .noEmptyFiles, .noMarks, .nounsForTypes, .documented,
        .links, .knownHosts, .noMachinePaths,
    ]
}

extension String {
    /// Does any of `words` stand in here, even as a part of a longer word?
    func mentions(_ words: some Sequence<String>) -> Bool {
        withCString { text in words.contains { strstr(text, $0) != nil } }
    }
}

extension SourceFile {
    /// Runs under virtual time or inside the node: the same input must give the same output in every process.
    var isDeterministic: Bool { isSwift && ["MitoCore", "MitoSimulator", "MitoLinks"].contains(module) }

    /// Puts the simulator's clock in the place of those that user code names, and asks which compiler it is for.
    var standsForTheRuntime: Bool { path == "Simulator/MitoSimulator/UserCode/SwiftExecutors.swift" }

    /// Linked into what is sent to hosts.
    var isShipped: Bool { isSwift && module.map(shippedModules.contains) == true }
}

private let shippedModules: Set = [
    "MitoCore", "Mitoscope", "MitoTrace", "MitoLinks", "MitoLaunch", "MitoLive", "MitoLinux", "mito-agent",
    "MitoNamespaces", "mito-ns",
]
