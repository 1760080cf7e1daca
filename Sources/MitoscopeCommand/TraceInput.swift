import ArgumentParser
import Foundation
import MitoTrace

/// A trace file that a command line names.
enum TraceInput {
    /// Its records; where they cannot be had, says why and ends the command with the status that is due.
    static func records(at path: String, _ terminal: Terminal) throws(ExitCode) -> [TraceRecord] {
        guard let data = FileManager.default.contents(atPath: path) else {
            terminal.complain("\(path): cannot be read")
            throw ExitCode(ExitStatus.usage.rawValue)
        }
        do throws(TraceError) {
            return try TraceReader.readAll([UInt8](data)).records
        } catch {
            terminal.complain("\(path):\(error)")
            throw ExitCode(ExitStatus.badScenario.rawValue)
        }
    }
}
