import ArgumentParser
import MitoLab

/// Which lab is meant.
struct LabChoice: ParsableArguments {
    @Option(help: "The lab's name.", completion: .custom { _, _, _ in LabName.running })
    var name = LabName.usual

    func validate() throws {
        guard LabName.isValid(name) else {
            throw ValidationError("'\(name)' cannot be a lab's name: letters a-z, digits and '-', at most 32")
        }
    }
}

/// Runs what a command does with a lab; what stands in its way is told, and ends the command with the status that is
/// due.
func withLab(_ body: () throws(LabFailure) -> Void) throws {
    do throws(LabFailure) {
        try body()
    } catch {
        let terminal = Terminal()
        terminal.complain("Error: \(error)")
        guard error.isOfMachine else { return try ExitStatus.usage.leave() }
        terminal.complain("`mitoscope doctor` says what this machine lacks, and how to get it")
        try ExitStatus.environmentMissing.leave()
    }
}
