import MitoLinux

/// What every process of one lab knows and nobody else: who cannot show it starts nothing there.
///
/// It is in a file that only its owner can read, inside the lab.
struct LabKey: Hashable {
    static let bytes = 16

    let secret: [UInt8]

    /// Nil when there are too few or too many bytes.
    init?(_ secret: [UInt8]) {
        guard secret.count == Self.bytes else { return nil }
        self.secret = secret
    }

    /// A new one, which nobody can guess.
    init() { secret = Self.randomBytes(Self.bytes) }

    /// Reads it from its file.
    init(file path: String) throws(LabFailure) {
        let bytes: [UInt8]?
        do throws(SystemError) {
            bytes = try FileDescriptor.reading(path).readAll(bytesMax: Self.bytes)
        } catch {
            throw LabFailure("the lab's key cannot be read from '\(path)': \(error.reason)")
        }
        guard let bytes, let key = LabKey(bytes) else { throw LabFailure("'\(path)' holds no lab's key") }
        self = key
    }

    /// Bytes that nobody can guess.
    static func randomBytes(_ count: Int) -> [UInt8] {
        var random = SystemRandomNumberGenerator()
        return (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
    }
}
