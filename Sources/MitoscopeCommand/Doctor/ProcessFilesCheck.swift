import Foundation

/// Does `/proc` show processes? A context starts its children from `/proc/self/exe`, and what is left of a tree is
/// looked for there.
struct ProcessFilesCheck: MachineCheck {
    let name = "/proc"
    let isRequired = true

    func look() -> MachineFinding {
        let files = ["/proc/self/exe", "/proc/self/cmdline", "/proc/self/environ"]
        for file in files where FileHandle(forReadingAtPath: file) == nil {
            return .no("\(file) cannot be read", remedy: "mount -t proc proc /proc")
        }
        let processes = (try? FileManager.default.contentsOfDirectory(atPath: "/proc"))?.count { Int($0) != nil } ?? 0
        return .yes("\(processes) processes are seen")
    }
}
