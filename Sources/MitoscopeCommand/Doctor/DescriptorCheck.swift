import Foundation
import MitoLinux

/// May one process hold as many descriptors as a tree of a hundred contexts takes?
struct DescriptorCheck: MachineCheck {
    let name = "open files"

    /// A stream, a pidfd and stderr for each child; then some for files.
    private static let wanted = 512

    func look() -> MachineFinding {
        _ = Machine.raiseDescriptorLimit()
        var held: [FileHandle] = []
        while held.count < Self.wanted, let handle = FileHandle(forReadingAtPath: "/dev/null") { held.append(handle) }
        let limit = Machine.descriptorLimit.map { ", the limit is \($0)" } ?? ""
        if held.count == Self.wanted { return .yes("\(held.count) were opened at once\(limit)") }
        return .no("only \(held.count) could be opened at once\(limit)", remedy: "ulimit -Hn 4096, as root")
    }
}
