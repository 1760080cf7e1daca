/// A function as an image holds it: other contexts may call it by its name, and nothing else can be called.
///
/// ```swift
/// let agent = Agent(node: node, functions: BuiltInFunctions.all + [hostname, add])
/// ```
public protocol ImageFunction: Sendable {
    /// `module.function`, or `module.Type.method`. A name without a module is known to Python callers, who always send
    /// one, in the module `mito`.
    var name: String { get }
    /// What it does, and where.
    var body: FunctionBody { get }
}
