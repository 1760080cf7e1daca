import MitoCore
import MitoLinux
public import Mitoscope

/// Functions that work on the host of the context that runs them. Every image may have them; a simulated context has no
/// host, so they are not among `BuiltInFunctions`.
///
/// ```swift
/// ContextProgram.main("mito-agent", functions: BuiltInFunctions.all + HostFunctions.all)
/// let kernel = try await web.call("run", ["uname", "-r"])         // { status: 0, output: "6.1.0\n" }
/// ```
///
/// What the system refuses is a `mitoscope.SystemError` with its reason. Bytes that are text come as text, others as
/// bytes.
public enum HostFunctions {
    public static let all: [any ImageFunction] = [run, shell, chdir, environment, stat, read, write, time]

    /// `chdir(path)` lets the context's relative paths begin in another folder, and returns that.
    public static let chdir = blocking("chdir") { call in
        try Machine.enterFolder(try path(in: Arguments(of: call, labels: ["path"])))
        return Machine.workingFolder.map { .text(Text($0)) } ?? .none
    }

    /// `environment(name)` returns one environment variable, or none; `environment()` all of them, as a dict.
    public static let environment = blocking("environment") { call in
        let arguments = try Arguments(of: call, labels: ["name"])
        guard arguments.optional("name") != nil else { return .dict(Machine.environment.compactMap(pair)) }
        return Machine.environmentVariable(try arguments.text("name")).map { .text(Text($0)) } ?? .none
    }

    /// `time()` returns the seconds since 1970, as the host's clock says.
    public static let time = blocking("time") { call in
        _ = try Arguments(of: call, labels: [])
        return .float(Double(Machine.realNanoseconds) / 1e9)
    }

    /// A function that may block, whose errors are the system's.
    static func blocking(_ name: String, _ body: @escaping @Sendable (Invocation) throws -> Value) -> ValueFunction {
        ValueFunction(
            name,
            .blocking { _, call in
                do {
                    return try body(call)
                } catch let error as SystemError {
                    throw FunctionError(type: "mitoscope.SystemError", message: "\(error)")
                }
            })
    }

    /// A path, which has no zero in it: the system would take it for the end.
    static func path(in arguments: Arguments) throws(FunctionError) -> String {
        let path = try arguments.text("path")
        guard !path.utf8.contains(0) else { throw .argument("a path has no zero byte in it") }
        return path
    }

    private static func pair(_ entry: String) -> Value.Pair? {
        guard let sign = entry.firstIndex(of: "=") else { return nil }
        return Value.Pair(.text(Text(String(entry[..<sign]))), .text(Text(String(entry[entry.index(after: sign)...]))))
    }
}

extension FunctionError {
    static func argument(_ message: String) -> FunctionError {
        FunctionError(type: "mitoscope.ArgumentError", message: message)
    }
}

extension Value {
    /// Text where the bytes are that, else bytes.
    init(contents bytes: [UInt8]) {
        self = String(validating: bytes, as: UTF8.self) == nil ? .bytes(bytes) : .text(Text(utf8: bytes))
    }
}
