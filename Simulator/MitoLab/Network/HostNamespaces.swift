import CMitoLab
import MitoLinux

/// The network and the host name that the thread had when this was made, to go back to.
struct HostNamespaces: ~Copyable {
    let network: FileDescriptor
    let name: FileDescriptor

    init() throws(SystemError) {
        let network = FileDescriptor(owning: try system("open") { mito_lab_network_namespace() })
        name = FileDescriptor(owning: try system("open") { mito_lab_name_namespace() })
        self.network = network
    }

    /// Takes the calling thread there.
    func enter() throws(SystemError) {
        let (network, name) = (network.number, name.number)
        try system("setns") { mito_lab_enter_namespace(network) }
        try system("setns") { mito_lab_enter_namespace(name) }
    }
}
