import Foundation

/// Rules about the text itself: what a reader meets.
extension Rule {
    static let lineLength = Rule("A line has at most 120 columns") { files in
        files.filter { !$0.path.hasSuffix(".transcript") && !$0.path.hasSuffix(".md") }.flatMap { file in
            file.lines.enumerated().compactMap { index, line in
                line.count > 120 ? Finding(path: file.path, line: index + 1, complaint: "\(line.count) columns") : nil
            }
        }
    }

    static let fileLength = Rule("A file holds one idea, in at most 500 lines") { files in
        files.filter { $0.isSwift && $0.lines.count > 501 }.map {
            Finding(path: $0.path, line: 501, complaint: "\($0.lines.count - 1) lines")
        }
    }

    static let noEmptyFiles = Rule("A file has something in it") { files in
        files.filter { $0.isSwift && !$0.code.contains { $0.contains { !$0.isWhitespace } } }.map {
            Finding(path: $0.path, line: 1, complaint: "no code")
        }
    }

    static let noMarks = Rule("Nothing is left for later") { files in
        let words = ["TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK"]
        let marks = try! Regex("\\b(" + words.joined(separator: "|") + ")\\b")
        return breaches(in: files.filter { !$0.path.hasSuffix(".transcript") }, matching: marks, "a mark for later")
    }

    static let nounsForTypes = Rule(
        "A type is named after the thing that it is", in: \.isSwift, mentioning: ["Util", "Manager", "Helper", "Misc"],
        complaint: { line in
            let vague =
                #/
                \b (?:struct|class|enum|actor|protocol|typealias) \s+
                (\w* (?: Utils? | Utilities | Utility | Manager | Helpers? | Misc )) \b
                /#
            return line.firstMatch(of: vague).map { "`\($0.1)` says nothing" }
        })

    static let documented = Rule("What is public is documented") { files in
        let sources = files.filter { $0.isSwift && $0.module != nil && !$0.path.hasPrefix("Tests/") }
        let understood = sources.reduce(into: Set<String>()) { $0.formUnion(requirements(in: $1)) }
        return sources.flatMap { undocumented($0, understood: understood) }
    }

    static let links = Rule("Links in documents lead somewhere") { files in
        files.filter { $0.path.hasSuffix(".md") }.flatMap { file in
            file.lines.enumerated().flatMap { index, line in
                line.matches(of: /\]\(([^)\s#:]+)(?:#[^)]*)?\)/).compactMap { match in
                    let target = Project.root.appending(path: file.path).deletingLastPathComponent()
                        .appending(path: String(match.1))
                    return FileManager.default.fileExists(atPath: target.path)
                        ? nil : Finding(path: file.path, line: index + 1, complaint: "no such file: \(match.1)")
                }
            }
        }
    }

    static let noMachinePaths = Rule("No file names the machine it was written on") { files in
        let tops = ["wo" + "rk", "ro" + "ot", "ho" + "me/\\w+"]
        let paths = try! Regex("(^|[^\\w.~-])/(" + tops.joined(separator: "|") + ")/\\w")
        return breaches(in: files, matching: paths, "a path of one machine")
    }
}

extension Rule {
    static let knownHosts = Rule("Only hosts that everybody can reach are named") { files in
        files.flatMap { file in
            file.lines.enumerated().filter { $0.element.mentions(["://"]) }.flatMap { index, line in
                line.matches(of: /(?:https?|ssh|git):\/\/([\w.-]+)/).filter { !publicHosts.contains(String($0.1)) }.map
                {
                    Finding(path: file.path, line: index + 1, complaint: "names the host \($0.1)")
                }
            }
        }
    }
}

private let publicHosts: Set = [
    "github.com", "mitogen.networkgenomics.com", "pypi.org", "www.python.org", "docs.python.org", "swift.org",
    "www.swift.org", "ui.perfetto.dev", "json-schema.org", "www.w3.org",
]

private func breaches(
    in files: [SourceFile], matching pattern: Regex<AnyRegexOutput>, _ complaint: String
) -> [Finding] {
    files.flatMap { file in
        file.lines.enumerated().filter { $0.element.contains(pattern) }
            .map { Finding(path: file.path, line: $0.offset + 1, complaint: complaint) }
    }
}

/// Public types and functions that say nothing about themselves.
///
/// One comment may speak for a paragraph: declarations that follow one another without a blank line. Initialisers and
/// operators explain themselves; what a protocol asks for is `understood`, since it is documented there.
private func undocumented(_ file: SourceFile, understood: Set<String>) -> [Finding] {
    let declaration =
        #/
        ^ (?:\x20{4})? (?: @\w+ (?: \( [^)]* \) )? \s+ )* public \s+
        (?: (?:static|mutating|final|indirect|nonisolated|consuming|borrowing) \s+ )*
        (?:struct|class|enum|actor|protocol|typealias|func) \s+ (\w+)
        /#
    return file.code.enumerated().compactMap { index, line in
        guard line.mentions(["public"]), let match = line.firstMatch(of: declaration),
            !understood.contains(String(match.1)), !standardRequirements.contains(String(match.1)),
            !startsWithComment(paragraphEndingAt: index, in: file.lines)
        else { return nil }
        return Finding(path: file.path, line: index + 1, complaint: "`\(match.1)` is public and undocumented")
    }
}

/// What well-known protocols of other modules ask for.
private let standardRequirements: Set = [
    "hash", "encode", "next", "makeAsyncIterator", "makeIterator", "run", "validate",
]

/// The functions that the protocols declared in a file ask for.
private func requirements(in file: SourceFile) -> [String] {
    var isInside = false
    return file.code.compactMap { line in
        if line.hasPrefix("}") { isInside = false }
        if line.hasPrefix("public protocol ") || line.hasPrefix("protocol ") { isInside = true }
        guard isInside, let match = line.firstMatch(of: /^    (?:mutating )?func (\w+)/) else { return nil }
        return String(match.1)
    }
}

/// Does the run of lines without a blank one, which has line `index` in it, have a doc comment above that line?
private func startsWithComment(paragraphEndingAt index: Int, in lines: [String]) -> Bool {
    for line in lines[..<index].reversed() {
        let text = line.drop { $0 == " " }
        if text.isEmpty { return false }
        if text.hasPrefix("///") { return true }
    }
    return false
}
