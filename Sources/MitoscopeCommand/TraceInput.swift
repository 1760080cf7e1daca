import ArgumentParser
import MitoTrace

/// A trace file that a command line names.
enum TraceInput {
    /// Its records; where they cannot be had, says why and ends the command with the status that is due.
    static func records(at path: String, _ terminal: Terminal) throws(ExitCode) -> [TraceRecord] {
        try trace(at: path, terminal).records
    }

    /// Its header and its records.
    static func trace(
        at path: String, _ terminal: Terminal
    ) throws(ExitCode) -> (header: TraceHeader, records: [TraceRecord]) {
        guard let bytes = InputFile.bytes(of: path, atMost: .max) else {
            terminal.complain("\(path): cannot be read")
            throw ExitCode(ExitStatus.usage.rawValue)
        }
        do throws(TraceError) {
            return try TraceReader.readAll(bytes)
        } catch {
            terminal.complain("\(path):\(error)")
            throw ExitCode(ExitStatus.badScenario.rawValue)
        }
    }
}
