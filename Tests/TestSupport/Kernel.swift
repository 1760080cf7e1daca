import MitoLinux

/// What the system itself lets tests do, tried without any program of ours: what is broken here must not look like what
/// cannot be had.
package enum Kernel {
    /// May this user make namespaces, and pairs of interfaces in them?
    package static let hasLabs: Bool = {
        let link = ["ip", "link", "add", "w0", "type", "veth", "peer", "name", "w1"]
        return (try? run(["unshare", "-Urnmpuif", "--mount-proc"] + link).exit) == .status(0)
    }()
    /// May an ordinary user make a user namespace?
    package static let hasRootless = (try? run(asOrdinaryUser + ["unshare", "-Ur", "true"]).exit) == .status(0)
    /// Why a test of labs is left out.
    package static let labsReason = "the system's own unshare and ip cannot make namespaces and veth here"
}
