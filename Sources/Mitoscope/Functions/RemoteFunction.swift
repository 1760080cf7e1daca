import MitoCore

/// A function that other contexts may call, with its types: the same constant registers it in an image and calls it.
///
/// Its arguments and its result travel as `ValueEncoder` says. A body is ordinary Swift; whatever it throws reaches the
/// caller as a `CallError`. Functions of one context run one after another, in the order of arrival.
///
/// ```swift
/// let hostname = RemoteFunction("demo.hostname") { (context: CallContext) in context.name }
/// let add = RemoteFunction("demo.add", labels: ["a", "b"]) { (a: Int, b: Int) in a + b }
///
/// print(try await web.call(hostname, timeout: .seconds(5)))
/// let sum = try await web.call(add, 2, 3)          // an Int
/// ```
///
/// A caller that has no such constant, a Python program say, calls it by name, with `labels` as its keywords.
public struct RemoteFunction<Result: Sendable, each Argument: Codable & Sendable>: ImageFunction {
    public let name: String
    /// The arguments' names, by which callers may give them as keywords; with none, they are given by position only.
    public let labels: [String]
    public let body: FunctionBody
    private let reading: @Sendable (Value, Router) throws -> Result

    init(
        _ name: String, labels: [String], _ body: FunctionBody,
        reading: @escaping @Sendable (Value, Router) throws -> Result
    ) {
        self.name = name
        self.labels = labels
        self.body = body
        self.reading = reading
    }
}

// MARK: The caller's side

extension RemoteFunction {
    /// The arguments as they travel from `router`'s context. Fails as `.argument` for one that cannot.
    func values(_ argument: repeat each Argument, from router: Router) throws(MitoscopeError) -> [Value] {
        let encoder = ValueEncoder(router: router)
        var values: [Value] = []
        do {
            for argument in repeat each argument { values.append(try encoder.encode(argument)) }
        } catch {
            throw MitoscopeError(.argument, "argument \(values.count + 1) of \(name): \(reason(error))", cause: error)
        }
        return values
    }

    /// The result that came in at `router` as `value`. Fails as `.stream` when it is none.
    func result(_ value: Value, at router: Router) throws(MitoscopeError) -> Result {
        do {
            return try reading(value, router)
        } catch {
            throw MitoscopeError(.stream, "the result of \(name): \(reason(error))", cause: error)
        }
    }
}

// MARK: The image's side

extension RemoteFunction {
    /// A body for code that runs on a thread, blocking or inline.
    static func body(
        _ name: String, _ labels: [String], _ placement: FunctionBody.Placement,
        _ code: @escaping @Sendable (CallContext, repeat each Argument) throws -> Value
    ) -> FunctionBody {
        let signature = signature(name, labels)
        @Sendable func run(_ context: CallContext, _ call: Invocation) throws -> Value {
            var reader = try ArgumentReader(call, signature, router: context.router)
            let arguments = (repeat try reader.next((each Argument).self))
            return try code(context, repeat each arguments)
        }
        return placement == .inline ? .inline(run) : .blocking(run)
    }

    /// A body for code that may suspend.
    static func body(
        _ name: String, _ labels: [String],
        _ code: @escaping @concurrent @Sendable (CallContext, repeat each Argument) async throws -> Value
    ) -> FunctionBody {
        let signature = signature(name, labels)
        return .async { context, call in
            var reader = try ArgumentReader(call, signature, router: context.router)
            let arguments = (repeat try reader.next((each Argument).self))
            return try await code(context, repeat each arguments)
        }
    }

    private static func signature(_ name: String, _ labels: [String]) -> ArgumentReader.Signature {
        var count = 0
        for _ in repeat (each Argument).self { count += 1 }
        guard labels.isEmpty || labels.count == count else {
            fatalError("\(name) has \(count) arguments and \(labels.count) labels: one for each, or none at all")
        }
        return ArgumentReader.Signature(labels: labels, count: count)
    }
}
