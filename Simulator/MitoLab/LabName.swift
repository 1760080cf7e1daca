import Glibc
import MitoLinux

/// Under which name a lab is found, by its owner alone: labs of two users never meet.
public enum LabName {
    /// The lab that is meant when none is named.
    public static let usual = "lab"

    /// The names of this user's labs that run and can be reached, sorted.
    public static var running: [String] {
        let mark = "@\(prefix)"
        let table = Machine.text(of: "/proc/net/unix", bytesMax: tableBytesMax) ?? ""
        let names = table.split(separator: "\n").compactMap { line -> String? in
            guard let name = line.split(separator: " ").last, name.hasPrefix(mark) else { return nil }
            // Others may call their sockets what they like.
            let own = String(name.dropFirst(mark.count))
            return isValid(own) ? own : nil
        }
        return Set(names).sorted()
    }

    /// Can a lab be called that? Lower-case letters, digits and `-`, at most 32.
    public static func isValid(_ name: String) -> Bool { name.utf8.count <= 32 && LabPlan.isName(name) }

    static func socket(of name: String) -> String { prefix + name }

    /// What no other lab's files are called.
    static func newID() -> String {
        LabKey.randomBytes(8).map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }.joined()
    }

    private static var prefix: String { "mitoscope-lab-\(getuid())-" }
    private static let tableBytesMax = 64 << 20
}
