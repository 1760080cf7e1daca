/// Something with one owner where several may hold it, or none yet: it is gone with the last who does.
///
///     var errors: Shared<FileDescriptor>?
///     errors = Shared(pipe.closingInput())
public final class Shared<Value: ~Copyable & Sendable>: Sendable {
    public let value: Value

    /// Takes it over.
    public init(_ value: consuming Value) { self.value = value }
}

extension Shared where Value == FileDescriptor {
    /// The kernel's number for it; only good while this is held.
    public var number: Int32 { value.number }
}
