import Foundation
import MitoLinux

/// A program that is carried inside this one, as a section of its file that is never loaded: so one file is all that
/// a machine needs. `make dist` puts it there.
///
/// The kernel starts programs from files, so it is copied into a file in memory; nothing is written to a disk, and
/// nothing is left when this process ends.
final class EmbeddedImage: Sendable {
    /// The section's name.
    static let section = ".mito-agent"

    /// The one inside this program; nil when there is none, as in a program that was just built.
    static let own: EmbeddedImage? = EmbeddedImage(in: "/proc/self/exe")

    private let file: FileDescriptor

    /// Names it for every process of this user while this one lives.
    var path: String { "/proc/\(Machine.processID)/fd/\(file.number)" }

    private init?(in program: String) {
        // Mapped, since the program is many times as long as its section.
        guard let data = try? Data(contentsOf: URL(filePath: program), options: .alwaysMapped),
            let image = ImageFile.section(Self.section, of: data),
            let file = try? FileDescriptor.inMemory("mito-agent"),
            OutputFile.put(image, into: file.number) == nil
        else { return nil }
        self.file = file
    }
}
