import CLibcap

/// One of the pieces that the superuser's power is cut into.
///
///     Capability(named: "net_raw")?.description     // "cap_net_raw"
struct Capability: Hashable, Sendable, CustomStringConvertible {
    /// The kernel's number for it.
    let number: Int32

    init(number: Int32) { self.number = number }

    /// With or without `cap_` before it; nil when there is none of that name.
    init?(named name: String) {
        let known = name.lowercased()
        var number: cap_value_t = 0
        guard cap_from_name(known.hasPrefix("cap_") ? known : "cap_\(known)", &number) == 0 else { return nil }
        self.number = number
    }

    var description: String {
        guard let name = cap_to_name(number) else { return "\(number)" }
        defer { cap_free(name) }
        return String(cString: name)
    }

    static let setGroup = Capability(number: CAP_SETGID)
    static let setUser = Capability(number: CAP_SETUID)
    static let setCapabilities = Capability(number: CAP_SETPCAP)
    static let setFileCapabilities = Capability(number: CAP_SETFCAP)
    static let changeRoot = Capability(number: CAP_SYS_CHROOT)
    static let trace = Capability(number: CAP_SYS_PTRACE)
    static let administer = Capability(number: CAP_SYS_ADMIN)
}

/// Several of them.
struct CapabilitySet: Hashable, Sendable, ExpressibleByArrayLiteral, CustomStringConvertible {
    private var bits: UInt64 = 0

    init(arrayLiteral elements: Capability...) { self.init(elements) }

    init(_ elements: some Sequence<Capability>) { for element in elements { insert(element) } }

    /// All that this kernel knows.
    static let all = CapabilitySet((0..<cap_max_bits()).map(Capability.init(number:)))

    var isEmpty: Bool { bits == 0 }

    func contains(_ capability: Capability) -> Bool { bits & 1 << UInt64(capability.number) != 0 }

    mutating func insert(_ capability: Capability) { bits |= 1 << UInt64(capability.number) }

    func intersection(_ other: CapabilitySet) -> CapabilitySet {
        var both = self
        both.bits &= other.bits
        return both
    }

    func subtracting(_ other: CapabilitySet) -> CapabilitySet {
        var rest = self
        rest.bits &= ~other.bits
        return rest
    }

    /// By their numbers.
    var elements: [Capability] { (0..<64).map(Capability.init(number:)).filter(contains) }

    /// As `setcap` takes it: `cap_setuid,cap_sys_admin`.
    var description: String { elements.map(\.description).joined(separator: ",") }
}
