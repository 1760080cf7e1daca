/// A setting of the kernel, as `sysctl` shows it.
struct KernelSetting {
    /// `kernel/threads-max`
    let name: String

    init(_ name: String) { self.name = name }

    /// Its value; nil where the kernel does not have it, or it is no number.
    var number: Int? {
        InputFile.bytes(of: "/proc/sys/\(name)", atMost: 64).flatMap { bytes in
            Int(String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isWhitespace).first ?? "")
        }
    }

    /// The command that gives it another value.
    func command(settingTo value: Int) -> String {
        "sysctl -w \(name.split(separator: "/").joined(separator: "."))=\(value)"
    }
}
