import Foundation

/// Is the original Mitogen there? It is what the referee's tests and `make bench` compare with.
struct MitogenCheck: MachineCheck {
    let name = "mitogen"

    func look() -> MachineFinding {
        for python in Self.pythons {
            let words = ["-c", "import mitogen; print('.'.join(map(str, mitogen.__version__)))"]
            guard let tried = ProgramRun(python, words), tried.status == 0 else { continue }
            return .yes("\(tried.firstLine) for \(python)")
        }
        let commands = "python3 -m venv .build/venv && .build/venv/bin/pip install mitogen==0.3.54"
        return .no("not installed", remedy: "\(commands); only comparisons with the original need it")
    }

    private static var pythons: [String] {
        let folder = ProcessInfo.processInfo.environment["MITOSCOPE_VENV"] ?? ".build/venv"
        return ["\(folder)/bin/python", "python3"]
    }
}
