import Foundation

/// A file that a command reads, be it a pipe.
enum InputFile {
    /// What is in the file, but no more than `countMax` bytes of it; nil when it cannot be read.
    static func bytes(of path: String, atMost countMax: Int) -> [UInt8]? {
        guard let handle = FileHandle(forReadingAtPath: path) else { return nil }
        var bytes: [UInt8] = []
        do {
            while bytes.count < countMax,
                let part = try handle.read(upToCount: min(partBytes, countMax - bytes.count)), !part.isEmpty
            {
                bytes += part
            }
        } catch {
            return nil
        }
        return bytes
    }

    private static let partBytes = 1024 * 1024
}
