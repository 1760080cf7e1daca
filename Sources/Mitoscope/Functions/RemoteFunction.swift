public import MitoCore

/// A function that other contexts may call by name. It is registered in an image; nothing else can be called.
///
/// ```swift
/// let greet = RemoteFunction("demo.greet") { _, identity in [.give(.text("here is \(identity.name)"))] }
/// let agent = Agent(node: node, functions: BuiltInFunctions.all + [greet])
/// let reply = try await context.call(greet)
/// ```
public struct RemoteFunction: Sendable {
    /// `module.function`, or `module.Type.method`. A name without a module is known to Python callers, who always send
    /// one, in the module `mito`.
    public let name: String
    /// What it does.
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
