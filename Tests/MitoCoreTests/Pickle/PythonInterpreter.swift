import Foundation
import MitoCore
import Testing

/// One Python of this machine, with the original Mitogen on its path.
struct PythonInterpreter: CustomTestStringConvertible, Sendable {
    /// What came back for one payload.
    enum Answer: CustomStringConvertible {
        case values([Value])
        /// Python refused the payload, or what Python wrote was refused here.
        case refused(String)

        var description: String {
            switch self {
            case .values(let values): values.map { $0.description(limit: 300) }.joined(separator: " and ")
            case .refused(let why): "refused: \(why)"
            }
        }
    }

    let path: String

    var testDescription: String { path }

    /// Python 2 keeps no order in its dicts.
    private var keepsOrder: Bool { !path.contains("/2.") && !path.hasSuffix("python2") }

    /// Every interpreter under ~/.pyenv/versions, and the system's.
    static let all: [PythonInterpreter] = {
        let versions = FileManager.default.homeDirectoryForCurrentUser.appending(path: ".pyenv/versions")
        let installed = (try? FileManager.default.contentsOfDirectory(atPath: versions.path)) ?? []
        let paths = installed.sorted().map { versions.appending(path: "\($0)/bin/python").path }
        return (paths + ["/usr/bin/python2", "/usr/bin/python3"])
            .filter { FileManager.default.isExecutableFile(atPath: $0) }.map(PythonInterpreter.init)
    }()

    /// Did one value come back? Where Python has no order of its own, that of a dict's pairs does not count.
    func isSame(_ value: Value, _ answer: Answer) -> Bool {
        guard case .values(let back) = answer, back.count == 1 else { return false }
        return keepsOrder ? back[0] == value : back[0].withSortedPairs == value.withSortedPairs
    }

    /// Sends all payloads through one process.
    func echo(_ payloads: [[UInt8]]) async throws -> [Answer] {
        let script = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Resources/pickle_echo.py")
        var input = Data()
        for payload in payloads {
            input.append(contentsOf: withUnsafeBytes(of: UInt32(payload.count).bigEndian, Array.init))
            input.append(contentsOf: payload)
        }
        // Files, not pipes: neither side then waits for the other.
        let folder = FileManager.default.temporaryDirectory.appending(path: "pickle-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let source = folder.appending(path: "in")
        let target = folder.appending(path: "out")
        try input.write(to: source)
        try Data().write(to: target)
        let process = Process()
        process.executableURL = URL(filePath: path)
        process.arguments = [script.path]
        process.environment = ["PYTHONPATH": try OriginalMitogen.path.get(), "PYTHONDONTWRITEBYTECODE": "1"]
        process.standardInput = try FileHandle(forReadingFrom: source)
        process.standardOutput = try FileHandle(forWritingTo: target)
        let status = try await process.end()
        #expect(status == 0, "\(path) ended with status \(status)")
        return Self.answers([UInt8](try Data(contentsOf: target)))
    }

    private static func answers(_ bytes: [UInt8]) -> [Answer] {
        var answers: [Answer] = []
        var rest = bytes[...]
        func word() -> UInt32 {
            defer { rest = rest.dropFirst(4) }
            return rest.prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
        }
        while rest.count >= 4 {
            let length = word()
            let isRefused = length == .max
            let content = rest.prefix(Int(isRefused ? word() : length))
            rest = rest[content.endIndex...]
            answers.append(isRefused ? .refused(String(decoding: rest, as: UTF8.self)) : values(Array(content)))
        }
        return answers
    }

    private static func values(_ payload: [UInt8]) -> Answer {
        var reader = PickleReader(payload)
        var values: [Value] = []
        do throws(PickleError) {
            while let value = try reader.next() { values.append(value) }
        } catch {
            return .refused("\(error)")
        }
        return .values(values)
    }
}

/// The folder that holds the original's package: named by MITOSCOPE_PYTHONPATH, else that of `make test`, else fetched
/// once from PyPI.
private enum OriginalMitogen {
    struct Missing: Error, CustomStringConvertible {
        var description: String
    }

    static let path: Result<String, Missing> = {
        if let named = ProcessInfo.processInfo.environment["MITOSCOPE_PYTHONPATH"] {
            return holdsPackage(named)
                ? .success(named)
                : .failure(Missing(description: "MITOSCOPE_PYTHONPATH=\(named) holds no mitogen package"))
        }
        let build = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().appending(path: ".build")
        if let installed = installed(in: build.appending(path: "venv/lib")) { return .success(installed) }
        let target = build.appending(path: "python").path
        if !holdsPackage(target) { fetch(into: target) }
        return holdsPackage(target)
            ? .success(target)
            : .failure(
                Missing(description: "pip could not fetch \(package): name a folder with it in MITOSCOPE_PYTHONPATH"))
    }()

    private static let package = "mitogen==0.3.54"

    private static func installed(in library: URL) -> String? {
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: library.path)) ?? []
        return versions.map { library.appending(path: "\($0)/site-packages").path }.first(where: holdsPackage)
    }

    private static func fetch(into target: String) {
        let pip = Process()
        pip.executableURL = URL(filePath: "/usr/bin/env")
        pip.arguments = ["python3", "-m", "pip", "install", "--quiet", "--target", target, package]
        guard (try? pip.run()) != nil else { return }
        pip.waitUntilExit()
    }

    private static func holdsPackage(_ folder: String) -> Bool {
        FileManager.default.fileExists(atPath: folder + "/mitogen/core.py")
    }
}

extension Process {
    /// Runs to the end; gives the status.
    fileprivate func end() async throws -> Int32 {
        try await withCheckedThrowingContinuation { continuation in
            terminationHandler = { continuation.resume(returning: $0.terminationStatus) }
            do { try run() } catch { continuation.resume(throwing: error) }
        }
    }
}

extension Value {
    /// The same value with the pairs of every dict in the order of their pickled keys.
    fileprivate var withSortedPairs: Value {
        switch self {
        case .list(let items): .list(items.map(\.withSortedPairs))
        case .tuple(let items): .tuple(items.map(\.withSortedPairs))
        case .dict(let pairs): .dict(Self.sorted(pairs))
        case .keywords(let pairs): .keywords(Self.sorted(pairs))
        default: self
        }
    }

    private static func sorted(_ pairs: [Pair]) -> [Pair] {
        pairs.map { (order: $0.key.pickled(), pair: Pair($0.key, $0.value.withSortedPairs)) }
            .sorted { $0.order.lexicographicallyPrecedes($1.order) }.map(\.pair)
    }
}
