import MitoLinux

/// The image as an open descriptor, for children that are started where the image's file is not.
final class HandedImage: Sendable {
    private let file: FileDescriptor
    /// Good while this lives.
    var number: Int32 { file.number }

    /// A copy of the program: a path, or a name to be looked up in PATH.
    init(of program: String) throws(SystemError) {
        file = try .sealedCopy(of: Machine.program(program) ?? program, "mitoscope")
    }

    /// The one that this process was started from, if it was started so. To be asked for once, before anything else
    /// opens a descriptor.
    init?(ofEnvironment: Void) {
        guard let text = Machine.takeEnvironmentVariable(Self.variable), let number = Int32(text),
            number == NamespaceContract.image, let own = try? FileDescriptor.duplicate(of: number)
        else { return nil }
        // The one that would be inherited is closed.
        _ = FileDescriptor(owning: number)
        file = own
    }

    /// What a child that is handed the image has in its environment.
    static let setting = "\(variable)=\(NamespaceContract.image)"

    private static let variable = "MITOSCOPE_IMAGE"
}
