import MitoLinux

/// A descriptor that classes and lists can hold; closed with the last who does.
final class HeldDescriptor: Sendable {
    let descriptor: FileDescriptor

    init(_ descriptor: consuming FileDescriptor) { self.descriptor = descriptor }

    var number: Int32 { descriptor.number }
}
