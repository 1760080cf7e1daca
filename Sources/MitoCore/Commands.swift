/// A function call, as the program asks for it.
///
/// ```swift
/// var request = CallRequest("demo.add", on: web, [2, 3])
/// request.timeout = .seconds(5)
/// ```
public struct CallRequest: Hashable, Sendable {
    public var context: ContextID
    /// `module.function` or `module.Type.method`.
    public var function: String
    public var arguments: [Value] = []
    public var keywords: [Value.Pair] = []
    /// Calls of one chain share its first failure.
    public var chain: String?
    public var timeout: Duration?
    /// No reply is wanted: the call completes with none as soon as it is sent.
    public var isNoReply = false
    /// The call's name in a story, for the trace.
    public var tag = ""

    public init(_ function: String, on context: ContextID, _ arguments: [Value] = []) {
        self.function = function
        self.context = context
        self.arguments = arguments
    }
}

/// A new context, as the program asks for it.
///
/// ```swift
/// var request = ConnectRequest(name: "web", via: bastion)
/// request.options = [Value.Pair("debug", .bool(true))]
/// request.connectTimeout = .seconds(5)
/// ```
public struct ConnectRequest: Hashable, Sendable {
    /// The context that starts it; nil = this one.
    public var via: ContextID?
    public var method: String
    /// The new context's name; nil = a name from the method.
    public var name: String?
    public var options: [Value.Pair] = []
    /// How long it may take from launch to its first word; nil = as the context that starts it has it.
    public var connectTimeout: Duration?
    /// How long its own orderly end may take; nil = the usual time.
    public var grace: Duration?
    public var tag = ""

    public init(method: String = "local", name: String? = nil, via: ContextID? = nil) {
        self.method = method
        self.name = name
        self.via = via
    }
}

/// Why a function failed: `type` as a Python caller would print it, `message`, and frames when there are any.
///
/// ```swift
/// throw FunctionError(type: "demo.DiskFull", message: "no room on sda")
/// ```
public struct FunctionError: Error, Hashable, Sendable {
    public var type: String
    public var message: String
    public var traceback: String

    public init(type: String, message: String, traceback: String = "") {
        self.type = type
        self.message = message
        self.traceback = traceback
    }
}
