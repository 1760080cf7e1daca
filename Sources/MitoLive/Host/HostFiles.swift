import MitoCore
import MitoLinux
public import Mitoscope

/// Files.
extension HostFunctions {
    /// `stat(path)` returns a dict: `kind` (file, folder, pipe, socket or device), `size` in bytes, `permissions`,
    /// `owner` and `group` as numbers, and when it was `changed`, in seconds since 1970.
    public static let stat = blocking("stat") { call in
        let status = try FileStatus(of: try path(in: Arguments(of: call, labels: ["path"])))
        return .dict([
            Value.Pair("kind", .text(Text(status.kind.rawValue))), Value.Pair("size", .int(status.size)),
            Value.Pair("permissions", .int(Int64(status.permissions))),
            Value.Pair("owner", .int(Int64(status.owner))), Value.Pair("group", .int(Int64(status.group))),
            Value.Pair("changed", .float(Double(status.changedNanoseconds) / 1e9)),
        ])
    }

    /// `read(path)` returns what is in a file, at most 64 MiB.
    public static let read = blocking("read") { call in
        let path = try path(in: Arguments(of: call, labels: ["path"]))
        guard let bytes = try FileDescriptor.reading(path).readAll(bytesMax: bytesMax) else {
            throw FunctionError.argument("\(path) has more than \(bytesMax) bytes")
        }
        return Value(contents: bytes)
    }

    /// `write(path, contents)` puts text or bytes into a file, in place of what was there, and returns how many bytes.
    public static let write = blocking("write") { call in
        let arguments = try Arguments(of: call, labels: ["path", "contents"])
        let path = try path(in: arguments)
        let bytes: [UInt8]
        switch try arguments.value("contents") {
        case .text(let text): bytes = text.utf8
        case .bytes(let given): bytes = given
        case let other: throw FunctionError.argument("write takes text or bytes, not \(other.description(limit: 100))")
        }
        _ = try FileDescriptor.replacing(path).writeAll(bytes)
        return .int(Int64(bytes.count))
    }

    /// A message has to have room for it.
    static let bytesMax = 64 * 1024 * 1024
}
