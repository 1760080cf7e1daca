import Foundation
import MitoLinux
import Synchronization

/// A program that is carried inside this one, as a section of its file that is never loaded: so one file is all that
/// a machine needs. `make dist` puts it there.
///
/// The kernel starts programs from files, so it is copied into a file in memory; nothing is written to a disk, and
/// nothing is left when this process ends.
final class EmbeddedImage: Sendable {
    /// The name of the section that a program is in.
    static func section(of program: String) -> String { "." + program }

    /// The one of this name inside this program; nil when there is none, as in a program that was just built. It stays
    /// in memory for as long as this process lives, and is put there once for each time that it is asked for.
    static func find(_ program: String) -> EmbeddedImage? {
        let image = EmbeddedImage(program, in: "/proc/self/exe")
        if let image { kept.withLock { $0.append(image) } }
        return image
    }

    private static let kept = Mutex<[EmbeddedImage]>([])

    private let file: FileDescriptor

    /// Names it for every process of this user while this one lives.
    var path: String { "/proc/\(Machine.processID)/fd/\(file.number)" }

    private init?(_ name: String, in program: String) {
        // Mapped, since the program is many times as long as its section.
        guard let data = try? Data(contentsOf: URL(filePath: program), options: .alwaysMapped),
            let image = ImageFile.section(Self.section(of: name), of: data),
            let file = try? FileDescriptor.inMemory(name),
            OutputFile.put(image, into: file.number) == nil
        else { return nil }
        self.file = file
    }
}
