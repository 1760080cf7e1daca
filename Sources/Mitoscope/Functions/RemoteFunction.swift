public import MitoCore

/// A function that other contexts may call by name. It is registered in an image; nothing else can be called.
///
/// A body is a list of steps, made when the call arrives, so that the same function runs under virtual time and on a
/// real thread, and never holds up the broker.
///
/// ```swift
/// let greet = RemoteFunction("demo.greet") { _, identity in [.give(.text("here is \(identity.name)"))] }
/// let agent = Agent(node: node, functions: BuiltInFunctions.all + [greet])
/// let reply = try await context.call(greet)
/// ```
public struct RemoteFunction: Sendable {
    /// What a body is made from: the call as it came in, and the context it came to.
    public typealias Body = @Sendable (Invocation, Identity) throws(FunctionError) -> [Step]

    /// `module.function`, or `module.Type.method`. A name without a module is known to Python callers, who always send
    /// one, in the module `mito`.
    public let name: String
    let steps: Body

    /// A body that throws fails the call before it began.
    public init(_ name: String, steps: @escaping Body) {
        self.name = name
        self.steps = steps
    }
}
