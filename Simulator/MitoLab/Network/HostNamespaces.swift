import MitoLinux

/// The network and the host name that the calling thread has, to come back to.
struct HostNamespaces {
    let network: Namespace
    let name: Namespace

    init() throws(SystemError) {
        network = try Namespace.ofThread(.net)
        name = try Namespace.ofThread(.uts)
    }

    /// Takes the calling thread there.
    func enter() throws(SystemError) {
        try network.join()
        try name.join()
    }
}
