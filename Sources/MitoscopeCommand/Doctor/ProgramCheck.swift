import MitoLaunch

/// Is the program there that a method of connection runs, and does it work?
struct ProgramCheck: MachineCheck {
    /// The method's name in `method:` of a scenario.
    let name: String
    /// What is run.
    private let program: String
    private let words: [String]
    /// The Debian package that has it.
    private let package: String
    /// What to do when it is there and says no.
    private let remedy: String
    /// Does it have containers, which the method `setns` enters?
    private var hasContainers = false

    static let all = [
        ProgramCheck(
            name: "ssh", program: "ssh", words: ["-V"], package: "openssh-client", remedy: "see what `ssh -V` says"),
        ProgramCheck(
            name: "sudo", program: "sudo", words: ["-n", "true"], package: "sudo",
            remedy: "a password will be asked for, unless sudoers says NOPASSWD"),
        ProgramCheck(
            name: "docker", program: "docker", words: ["version", "--format", "{{.Server.Version}}"],
            package: "docker.io", remedy: "systemctl start docker, and be a member of the group `docker`",
            hasContainers: true),
        ProgramCheck(
            name: "podman", program: "podman", words: ["version", "--format", "{{.Client.Version}}"],
            package: "podman", remedy: "see what `podman version` says", hasContainers: true),
        ProgramCheck(
            name: "lxc", program: "lxc-info", words: ["--version"], package: "lxc",
            remedy: "see what `lxc-checkconfig` says", hasContainers: true),
        ProgramCheck(
            name: "machinectl", program: "machinectl", words: ["--version"], package: "systemd-container",
            remedy: "see what `machinectl list` says", hasContainers: true),
    ]

    func look() -> MachineFinding {
        // The machine may be readier than the launcher.
        let isMethod = LaunchCommand.methods.contains(name)
        let use = isMethod ? "" : hasContainers ? "; for setns" : "; not a method of this version"
        guard let tried = ProgramRun(program, words) else {
            return .no("not installed", remedy: "apt-get install \(package)\(use)")
        }
        guard tried.status == 0 else { return .no(tried.firstLine, remedy: remedy + use) }
        return .yes((tried.firstLine.isEmpty ? "works" : tried.firstLine) + use)
    }
}
