import CMitoLinux
import Glibc
import MitoLinux

/// What `mito-ns` may do here, row by row, for people or as JSON.
struct CapabilityReport {
    struct Row {
        let call: String
        let capabilities: CapabilitySet
        let reason: String
        let isHeld: Bool
    }

    let held: CapabilitySet
    let rows: [Row]
    /// May a user without any right make a user namespace here, and others in it?
    let canMakeUserNamespaces: Bool
    /// Are newuidmap and newgidmap installed, which map more users than the caller?
    let hasMapPrograms: Bool

    /// What this process has, and the system lets.
    init() throws(Refusal) {
        let held = try CapabilitySets.ofProcess().permitted
        self.held = held
        rows = Privilege.allCases.map { privilege in
            Row(
                call: "\(privilege.call)", capabilities: privilege.capabilities, reason: privilege.reason,
                isHeld: privilege.capabilities.subtracting(held).isEmpty)
        }
        canMakeUserNamespaces = Self.tryUserNamespace()
        hasMapPrograms = ["/usr/bin", "/bin"].contains {
            Machine.isProgram("\($0)/newuidmap") && Machine.isProgram("\($0)/newgidmap")
        }
    }

    /// What is printed for the words after `capabilities`.
    static func text(_ options: [String]) throws(Refusal) -> String {
        switch options {
        case []: try CapabilityReport().description
        case ["--json"]: try CapabilityReport().json
        default: throw .usage("capabilities takes --json or nothing")
        }
    }

    /// In a child, as there is no way back. Some systems let everybody make one, and nobody do anything in it.
    private static func tryUserNamespace() -> Bool {
        // Where it is ignored nobody learns how a child ended.
        let wanted = signal(SIGCHLD, SIG_DFL)
        defer { signal(SIGCHLD, wanted) }
        let pid = mito_fork()
        if pid == 0 {
            _exit(mito_unshare(NamespaceKind.user.flag) == 0 && mito_unshare(NamespaceKind.net.flag) == 0 ? 0 : 1)
        }
        var status: Int32 = -1
        while pid > 0, waitpid(pid, &status, 0) < 0, errno == EINTR {}
        return pid > 0 && status == 0
    }
}

extension CapabilityReport: CustomStringConvertible {
    var description: String {
        let lines = rows.map { row in
            "\(row.isHeld ? "yes" : " no")  \(pad(row.call, 12))\(pad("\(row.capabilities)", 30))\(row.reason)\n"
        }
        let isComplete = rows.allSatisfy(\.isHeld)
        return "What mito-ns may do here, each for one system call:\n\n" + lines.joined()
            + "\nUser namespaces without any right: \(canMakeUserNamespaces ? "yes" : "no")"
            + (canMakeUserNamespaces ? ", all of the above within them.\n" : ".\n")
            + "newuidmap and newgidmap: "
            + (hasMapPrograms ? "installed.\n" : "not installed (on Debian: package uidmap).\n")
            + (isComplete ? "" : "\nTo grant what is missing, to those of one group:\n")
            + (isComplete ? "" : Grant.commands.map { "    \($0)\n" }.joined())
    }

    private func pad(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(1, width - text.count))
    }

    var json: String {
        let rows = rows.map { row in
            #"{"call":"\#(row.call)","capabilities":[\#(names(row.capabilities))],"held":\#(row.isHeld),"#
                + #""reason":\#(quoted(row.reason))}"#
        }
        return #"{"version":\#(NamespaceContract.version),"held":[\#(names(held))],"#
            + #""userNamespaces":\#(canMakeUserNamespaces),"mapPrograms":\#(hasMapPrograms),"#
            + #""calls":[\#(rows.joined(separator: ","))],"#
            + #""grant":[\#(Grant.commands.map(quoted).joined(separator: ","))]}"# + "\n"
    }

    private func names(_ set: CapabilitySet) -> String {
        set.elements.map { quoted($0.description) }.joined(separator: ",")
    }

    private func quoted(_ text: String) -> String {
        let escaped = text.unicodeScalars.map { scalar in
            switch scalar {
            case "\"": "\\\""
            case "\\": "\\\\"
            case _ where scalar.value < 0x20:
                "\\u" + String(0x10000 + scalar.value, radix: 16).dropFirst()
            default: String(scalar)
            }
        }
        return "\"\(escaped.joined())\""
    }
}
