/// A control group of version 2, where limits of memory and processes are set.
struct ControlGroup {
    /// Its folder.
    let path: String

    /// The group of this process and those above it: a limit of any of them holds.
    static var ofThisProcess: [ControlGroup] {
        guard let bytes = InputFile.bytes(of: "/proc/self/cgroup", atMost: 1 << 16) else { return [] }
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
        guard let own = lines.first(where: { $0.hasPrefix("0::/") })?.dropFirst("0::/".count) else { return [] }
        let names = own.split(separator: "/")
        return (0...names.count).map { depth in
            ControlGroup(path: (["/sys/fs/cgroup"] + names.prefix(depth)).joined(separator: "/"))
        }
    }

    /// What a file of the group says; nil where it sets no limit.
    func number(_ file: String) -> Int? {
        InputFile.bytes(of: "\(path)/\(file)", atMost: 64).flatMap { bytes in
            Int(String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isWhitespace).first ?? "")
        }
    }
}
