import Foundation

/// The lessons that somebody has seen to their end, by name: a line each in `mitoscope/lessons`, in the folder that
/// XDG_STATE_HOME names, by default `~/.local/state`.
struct LessonsDone {
    private(set) var names: Set<String>
    private let file: URL?

    init() {
        file = Self.folder?.appending(path: "mitoscope/lessons")
        let text = file.flatMap { try? String(contentsOf: $0, encoding: .utf8) } ?? ""
        names = Set(text.split(separator: "\n").map(String.init))
    }

    /// Notes a lesson. Where nothing can be written, it is only not remembered.
    mutating func note(_ name: String) {
        names.insert(name)
        guard let file else { return }
        try? FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        let text = names.sorted().map { $0 + "\n" }.joined()
        try? text.write(to: file, atomically: true, encoding: .utf8)
    }

    private static var folder: URL? {
        let environment = ProcessInfo.processInfo.environment
        // By its convention a path that is not absolute does not count.
        if let path = environment["XDG_STATE_HOME"], path.hasPrefix("/") { return URL(filePath: path) }
        guard let home = environment["HOME"], home.hasPrefix("/") else { return nil }
        return URL(filePath: home).appending(path: ".local/state")
    }
}
