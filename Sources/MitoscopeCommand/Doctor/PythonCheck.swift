import Foundation

/// Which Python there is: the programs that Mitogen, the original, runs in.
struct PythonCheck: MachineCheck {
    let name = "python3"

    func look() -> MachineFinding {
        let versions = Self.names.compactMap { name in
            ProgramRun(name, ["--version"]).flatMap { $0.status == 0 ? "\($0.firstLine) (\(name))" : nil }
        }
        if !versions.isEmpty { return .yes(versions.joined(separator: ", ")) }
        return .no("not installed", remedy: "apt-get install python3; only a Python parent or peer needs it")
    }

    /// `python3`, and those that are installed beside it.
    private static var names: [String] {
        let folders = ProgramRun.folders
        let found = folders.flatMap { (try? FileManager.default.contentsOfDirectory(atPath: $0)) ?? [] }
        let numbered = Set(found.filter { $0.wholeMatch(of: /python(?:2\.7|3\.[0-9]+)/) != nil })
        return ["python3"] + numbered.sorted { $0.compare($1, options: .numeric) == .orderedAscending }
    }
}
