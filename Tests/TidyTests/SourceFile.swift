import Foundation

/// A text file of the project, and, for Swift, the same text with what is no code blanked out.
struct SourceFile: Sendable {
    /// Relative to the project's root.
    let path: String
    let lines: [String]
    /// `lines` without comments and the contents of string literals; columns stay where they were.
    let code: [String]

    init(path: String, text: String) {
        self.path = path
        lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        code =
            path.hasSuffix(".swift")
            ? blanked(text).split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
            : lines
    }

    /// `MitoCore` for `Sources/MitoCore/Node.swift`; nil for what is in no module.
    var module: String? {
        let parts = path.split(separator: "/")
        return parts.count > 2 && ["Sources", "Simulator", "Tests"].contains(parts[0]) ? String(parts[1]) : nil
    }

    var isSwift: Bool { path.hasSuffix(".swift") }
}

/// Where a rule is broken, as a compiler would say it.
struct Finding: Equatable, CustomStringConvertible {
    let path: String
    /// From 1.
    let line: Int
    let complaint: String

    var description: String { "\(path):\(line): \(complaint)" }
}

/// The project as it lies on disk.
enum Project {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// Every file that people write, sorted by path; what is built or fetched is left out.
    static let files: [SourceFile] = {
        let kinds = [".swift", ".c", ".h", ".py", ".md", ".yaml", ".transcript", "Makefile"]
        let disk = FileManager.default
        let top = ((try? disk.contentsOfDirectory(atPath: root.path)) ?? []).filter { !$0.hasPrefix(".") }
        var paths = top
        for folder in top {
            guard let inside = disk.enumerator(atPath: root.appending(path: folder).path) else { continue }
            paths += inside.compactMap { $0 as? String }.map { "\(folder)/\($0)" }
        }
        return paths.filter { path in kinds.contains { path.hasSuffix($0) } && !path.contains("/.build/") }
            .sorted()
            .compactMap { path in
                (try? String(contentsOf: root.appending(path: path), encoding: .utf8))
                    .map { SourceFile(path: path, text: $0) }
            }
    }()
}

/// Replaces comments, and what stands between the quotes of string literals, by blanks.
///
/// Interpolated code is kept: it runs. The scanner knows nested comments, raw and multi-line strings.
private func blanked(_ text: String) -> String {
    var scanner = Blanker(rest: Array(text.utf8))
    scanner.code(until: nil)
    return String(decoding: scanner.out, as: UTF8.self)
}

private struct Blanker {
    let rest: [UInt8]
    var out: [UInt8] = []
    var position = 0

    init(rest: [UInt8]) {
        self.rest = rest
        out.reserveCapacity(rest.count)
    }

    /// The bytes with which something other than plain code may begin.
    static let remarkable: [Bool] = (0...255).map { Array("/#\"()".utf8).contains($0) }

    func sees(_ text: String, at offset: Int = 0) -> Bool {
        rest[min(position + offset, rest.count)...].starts(with: text.utf8)
    }

    mutating func keep(_ count: Int = 1) {
        out += rest[position..<min(position + count, rest.count)]
        position += count
    }

    mutating func blank(_ count: Int = 1) {
        for byte in rest[min(position, rest.count)..<min(position + count, rest.count)] {
            out.append(byte == UInt8(ascii: "\n") ? byte : UInt8(ascii: " "))
        }
        position += count
    }

    /// Copies code; with `end`, up to the bracket that closes an interpolation.
    mutating func code(until end: UInt8?) {
        var depth = 0
        while position < rest.count {
            var next = position
            while next < rest.count, !Self.remarkable[Int(rest[next])] { next += 1 }
            keep(next - position)
            if sees("//") {
                blank((rest[position...].firstIndex(of: UInt8(ascii: "\n")) ?? rest.count) - position)
            } else if sees("/*") {
                blockComment()
            } else if let hashes = stringStart() {
                string(hashes: hashes)
            } else {
                if sees("(") { depth += 1 }
                if sees(")") {
                    if end != nil, depth == 0 { return }
                    depth -= 1
                }
                keep()
            }
        }
    }

    mutating func blockComment() {
        var depth = 0
        repeat {
            if sees("/*") {
                depth += 1
                blank(2)
            } else if sees("*/") {
                depth -= 1
                blank(2)
            } else {
                blank()
            }
        } while depth > 0 && position < rest.count
    }

    /// How many `#` a literal that starts here has; nil where none starts.
    func stringStart() -> Int? {
        var hashes = 0
        while sees("#", at: hashes) { hashes += 1 }
        return sees("\"", at: hashes) ? hashes : nil
    }

    mutating func string(hashes: Int) {
        let fence = String(repeating: "#", count: hashes)
        keep(hashes)
        let quotes = sees("\"\"\"") ? "\"\"\"" : "\""
        keep(quotes.utf8.count)
        let end = quotes + fence
        let interpolation = "\\" + fence + "("
        while position < rest.count {
            guard rest[position] == UInt8(ascii: "\\") || rest[position] == UInt8(ascii: "\"") else {
                blank()
                continue
            }
            if sees(end) { break }
            if sees(interpolation) {
                keep(interpolation.utf8.count)
                code(until: UInt8(ascii: ")"))
                keep()
            } else if sees("\\" + fence) {
                blank(2 + hashes)
            } else {
                blank()
            }
        }
        keep(end.utf8.count)
    }
}
