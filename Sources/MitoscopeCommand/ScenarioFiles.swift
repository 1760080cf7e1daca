import Foundation
import MitoScenario

/// The scenario files that a command line names; folders are walked.
struct ScenarioFiles {
    /// In the order of the command line, those of a folder sorted.
    let paths: [String]
    /// What was named and is not there, or holds no scenario.
    let missing: [String]

    init(_ names: [String]) {
        var paths: [String] = []
        var missing: [String] = []
        for name in names {
            var isFolder: ObjCBool = false
            guard FileManager.default.fileExists(atPath: name, isDirectory: &isFolder) else {
                missing.append("\(name): no such file or folder")
                continue
            }
            guard isFolder.boolValue || FileManager.default.isReadableFile(atPath: name) else {
                missing.append("\(name): cannot be read")
                continue
            }
            let found = isFolder.boolValue ? Self.walk(name) : [name]
            if found.isEmpty { missing.append("\(name): no scenario in it") }
            paths += found.filter { !paths.contains($0) }
        }
        self.paths = paths
        self.missing = missing
    }

    /// Reads every file. The scenarios are those without a mistake.
    func read() -> (scenarios: [Scenario], errors: [ScenarioError]) {
        var scenarios: [Scenario] = []
        var errors: [ScenarioError] = []
        for path in paths {
            do throws(ScenarioErrors) {
                // Longer ones are refused, which takes no more than to see that they are longer.
                let bytes = InputFile.bytes(of: path, atMost: Scenario.fileBytesMax + 1) ?? []
                scenarios.append(try Scenario(reading: bytes, file: path))
            } catch {
                errors += error.errors
            }
        }
        return (scenarios, errors)
    }

    private static func walk(_ folder: String) -> [String] { files(in: folder).sorted() }

    /// What begins with a dot belongs to tools, and may be large. Links to folders are not followed: they may lead
    /// round.
    private static func files(in folder: String) -> [String] {
        let prefix = folder.hasSuffix("/") ? folder : folder + "/"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { !$0.hasPrefix(".") }.flatMap { name -> [String] in
            let path = prefix + name
            let type = try? FileManager.default.attributesOfItem(atPath: path)[.type] as? FileAttributeType
            if type == .typeDirectory { return files(in: path) }
            return name.hasSuffix(".yaml") || name.hasSuffix(".yml") ? [path] : []
        }
    }
}
