import ArgumentParser
import Foundation
import MitoReport
import MitoTrace

/// The traces that a command line names: files, or folders whose files are merged.
enum TraceInput {
    /// The records of a trace; where they cannot be had, says why and ends the command with the status that is due.
    static func records(at path: String, _ terminal: Terminal) throws(ExitCode) -> [TraceRecord] {
        try trace(at: path, terminal).records
    }

    /// The header and the records of a trace, and whether the end of its run is missing. What is missing is said.
    static func trace(
        at path: String, _ terminal: Terminal
    ) throws(ExitCode) -> (header: TraceHeader, records: [TraceRecord], isCut: Bool) {
        let sources = try sources(at: [path], terminal)
        if sources.count == 1, sources[0].header.flight == nil {
            if let note = sources[0].note { terminal.complain(note) }
            return (sources[0].header, sources[0].records, sources[0].isCut)
        }
        let merged = TraceMerge(sources)
        for note in merged.notes { terminal.complain(note) }
        return (merged.header, merged.records, merged.isCut)
    }

    /// The files that these paths name, those of a folder in the order of their names.
    static func sources(at paths: [String], _ terminal: Terminal) throws(ExitCode) -> [TraceMerge.Source] {
        var sources: [TraceMerge.Source] = []
        for path in paths {
            let files = folder(path) ?? [path]
            if files.isEmpty {
                terminal.complain("\(path): no trace in it")
                throw ExitCode(ExitStatus.usage.rawValue)
            }
            for file in files { sources.append(try source(at: file, terminal)) }
        }
        return sources
    }

    private static func source(at path: String, _ terminal: Terminal) throws(ExitCode) -> TraceMerge.Source {
        guard let bytes = InputFile.bytes(of: path, atMost: .max) else {
            terminal.complain("\(path): cannot be read")
            throw ExitCode(ExitStatus.usage.rawValue)
        }
        do throws(TraceError) {
            return try TraceMerge.Source(name: path, reading: bytes)
        } catch {
            terminal.complain("\(path):\(error)")
            throw ExitCode(ExitStatus.badScenario.rawValue)
        }
    }

    /// The traces in a folder; nil when the path is none.
    private static func folder(_ path: String) -> [String]? {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue else {
            return nil
        }
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        return names.filter { $0.hasSuffix(".trace") }.sorted().map { URL(filePath: path).appending(path: $0).path }
    }
}
