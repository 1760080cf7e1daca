public import MitoCore

/// A function that takes its call as it came in and returns a `Value`: for what takes any arguments, and for stories.
/// `RemoteFunction` is the one with types.
///
/// ```swift
/// let count = ValueFunction("demo.count", .inline { _, call in .int(Int64(call.arguments.count)) })
/// let greet = ValueFunction("demo.greet") { _, identity in [.give(.text("here is \(identity.name)"))] }
/// let reply = try await context.call(count, [1, "two"])
/// ```
public struct ValueFunction: ImageFunction {
    public let name: String
    public let body: FunctionBody

    /// A function with a body of any kind. A body that throws fails the call.
    public init(_ name: String, _ body: FunctionBody) {
        self.name = name
        self.body = body
    }

    /// A function made of steps. A body that throws fails the call before it began.
    public init(_ name: String, steps: @escaping @Sendable (Invocation, Identity) throws(FunctionError) -> [Step]) {
        self.init(name, .steps(steps))
    }
}
