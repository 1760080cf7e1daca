/// A request to the kernel's rtnetlink as it is put together: numbers in the machine's own order, everything on
/// boundaries of four bytes, attributes within attributes.
///
/// ```swift
/// var message = NetlinkMessage(.newLink, flags: [.create])
/// message.interfaceHeader(number: 0)
/// message.attribute(.interfaceName, text: "eth0")
/// let bytes = message.bytes(sequence: 1)
/// ```
struct NetlinkMessage {
    /// What is asked for, by the kernel's numbers.
    enum Kind: UInt16 {
        case newLink = 16
        case newAddress = 20
    }

    struct Flags: OptionSet {
        let rawValue: UInt16
        static let request = Flags(rawValue: 0x1)
        /// An answer is wanted in any case.
        static let acknowledge = Flags(rawValue: 0x4)
        static let exclusive = Flags(rawValue: 0x200)
        static let create = Flags(rawValue: 0x400)
    }

    /// What an attribute is, by the kernel's numbers; the same number means something else in each place.
    struct Attribute {
        let number: UInt16

        // Of an interface.
        static let hardwareAddress = Attribute(number: 1)
        static let interfaceName = Attribute(number: 3)
        static let mtu = Attribute(number: 4)
        static let linkInformation = Attribute(number: 18)
        static let namespaceDescriptor = Attribute(number: 28)

        // Of `linkInformation`, and of the `linkData` of a pair.
        static let linkKind = Attribute(number: 1)
        static let linkData = Attribute(number: 2)
        static let peer = Attribute(number: 1)

        // Of an address.
        static let address = Attribute(number: 1)
        static let localAddress = Attribute(number: 2)
    }

    init(_ kind: Kind, flags: Flags = []) {
        self.kind = kind
        self.flags = flags.union([.request, .acknowledge])
    }

    /// What every request about an interface begins with.
    ///
    /// - Parameters:
    ///   - number: the interface; 0 = the one that is named, or a new one.
    ///   - set: flags that shall be on.
    ///   - change: flags that are spoken of; the others stay.
    mutating func interfaceHeader(number: Int32, set: UInt32 = 0, change: UInt32 = 0) {
        body += [0, 0, 0, 0]
        append(UInt32(bitPattern: number))
        append(set)
        append(change)
    }

    /// What every request about an IPv4 address begins with.
    mutating func addressHeader(prefixBits: UInt8, interface: Int32) {
        body += [Self.internet, prefixBits, 0, 0]
        append(UInt32(bitPattern: interface))
    }

    mutating func attribute(_ attribute: Attribute, bytes: [UInt8]) {
        self.attribute(attribute) { $0.body += bytes }
    }

    mutating func attribute(_ attribute: Attribute, number: UInt32) {
        self.attribute(attribute) { $0.append(number) }
    }

    /// Text with the zero that ends it.
    mutating func attribute(_ attribute: Attribute, text: String) {
        self.attribute(attribute, bytes: Array(text.utf8) + [0])
    }

    /// An attribute that holds what `contents` appends.
    mutating func attribute(_ attribute: Attribute, contents: (inout NetlinkMessage) -> Void) {
        let start = body.count
        append(UInt16(0))
        append(attribute.number)
        contents(&self)
        withUnsafeBytes(of: UInt16(body.count - start)) { body.replaceSubrange(start..<start + 2, with: $0) }
        body += [UInt8](repeating: 0, count: -body.count & 3)
    }

    /// The whole request.
    ///
    /// - Parameter sequence: what the answer will name.
    func bytes(sequence: UInt32) -> [UInt8] {
        var whole = self
        whole.body = []
        whole.append(UInt32(Self.headerBytes + body.count))
        whole.append(kind.rawValue)
        whole.append(flags.rawValue)
        whole.append(sequence)
        whole.append(UInt32(0))
        return whole.body + body
    }

    static let headerBytes = 16
    private static let internet: UInt8 = 2

    private let kind: Kind
    private let flags: Flags
    private var body: [UInt8] = []

    private mutating func append<Number: FixedWidthInteger>(_ number: Number) {
        withUnsafeBytes(of: number) { body += $0 }
    }
}
