import Glibc
import MitoLinux

/// The programs of this package, as they were built.
package enum Built {
    /// Where the program is that a variable names, or else the one that was built beside these tests.
    package static func path(_ name: String, _ variable: String? = nil) -> String {
        variable.flatMap(Machine.environmentVariable) ?? "\(folder)/\(name)"
    }

    /// What contexts are.
    package static let agent = path("mito-agent", "MITOSCOPE_AGENT")
    /// What enters namespaces.
    package static let ns = path("mito-ns", "MITOSCOPE_NS")
    /// What hosts of a lab are.
    package static let lab = path("mito-lab", "MITOSCOPE_LAB")

    private static let folder: String = {
        let own = Machine.realPath("/proc/self/exe") ?? ""
        return String(own[..<(own.lastIndex(of: "/") ?? own.startIndex)])
    }()
}

/// What runs another program as somebody without any right; nothing where whoever runs the tests is no superuser.
package let asOrdinaryUser =
    geteuid() == 0 ? ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] : []
