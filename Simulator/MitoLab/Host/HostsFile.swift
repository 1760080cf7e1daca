import MitoLinux

/// Names of hosts and their addresses, as in `/etc/hosts`: a static program cannot ask the system for them.
///
/// ```swift
/// HostsFile("10.77.0.2 web www").address(of: "www")?.description == "10.77.0.2"
/// ```
struct HostsFile {
    private var addresses: [Substring: IPv4Address] = [:]

    /// Reads lines of an address and names; what is none is passed over. The first line with a name counts.
    init(_ text: String) {
        for line in text.split(separator: "\n") {
            let words = line.prefix { $0 != "#" }.split { $0 == " " || $0 == "\t" }
            guard let address = words.first.flatMap({ IPv4Address($0) }) else { continue }
            for name in words.dropFirst() where addresses[name] == nil { addresses[name] = address }
        }
    }

    /// The address that a text is, or that a file has for it.
    static func address(of host: String, in path: String) throws(LabFailure) -> IPv4Address {
        if let address = IPv4Address(host) { return address }
        let bytes: [UInt8]?
        do throws(SystemError) {
            bytes = try FileDescriptor.reading(path).readAll(bytesMax: bytesMax)
        } catch {
            throw LabFailure("\(path) cannot be read: \(error.reason)")
        }
        guard let address = HostsFile(String(decoding: bytes ?? [], as: UTF8.self)).address(of: host) else {
            throw LabFailure("there is no host '\(host)' in \(path)")
        }
        return address
    }

    func address(of host: String) -> IPv4Address? { addresses[host[...]] }

    /// The system's.
    static let path = "/etc/hosts"
    private static let bytesMax = 1 << 20
}
