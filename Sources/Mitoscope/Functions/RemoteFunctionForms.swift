import MitoCore

// A body may want the call's context first or not, may suspend or not, and may have a result or not: eight forms, each
// of which Swift chooses by the closure that stands there. Bodies that suspend are `@concurrent`: a task of their own
// runs them.

extension RemoteFunction where Result: Codable {
    /// A function whose body runs on a thread: by default the one that its context keeps for functions, where it may
    /// block.
    ///
    /// - Parameters:
    ///   - name: `module.function`, or `module.Type.method`.
    ///   - labels: a name for each argument, or none at all.
    ///   - placement: `.inline` for what takes microseconds and never waits.
    ///   - body: what the function does with the caller's arguments.
    public init(
        _ name: String, labels: [String] = [], _ placement: FunctionBody.Placement = .blocking,
        _ body: @escaping @Sendable (CallContext, repeat each Argument) throws -> Result
    ) {
        let code = Self.body(name, labels, placement) { (context: CallContext, argument: repeat each Argument) in
            try ValueEncoder(router: context.router).encode(try body(context, repeat each argument))
        }
        self.init(name, labels: labels, code, reading: Self.decoded)
    }

    /// The same for a body that does not ask for the call's context.
    public init(
        _ name: String, labels: [String] = [], _ placement: FunctionBody.Placement = .blocking,
        _ body: @escaping @Sendable (repeat each Argument) throws -> Result
    ) {
        self.init(name, labels: labels, placement) { (_: CallContext, argument: repeat each Argument) in
            try body(repeat each argument)
        }
    }

    /// A function whose body may suspend. While it does, its context runs no other function.
    public init(
        _ name: String, labels: [String] = [],
        _ body: @escaping @concurrent @Sendable (CallContext, repeat each Argument) async throws -> Result
    ) {
        let code = Self.body(name, labels) { (context: CallContext, argument: repeat each Argument) async throws in
            try ValueEncoder(router: context.router).encode(try await body(context, repeat each argument))
        }
        self.init(name, labels: labels, code, reading: Self.decoded)
    }

    /// The same for a body that does not ask for the call's context.
    public init(
        _ name: String, labels: [String] = [],
        _ body: @escaping @concurrent @Sendable (repeat each Argument) async throws -> Result
    ) {
        self.init(name, labels: labels) { (_: CallContext, argument: repeat each Argument) async throws -> Result in
            try await body(repeat each argument)
        }
    }

    @Sendable private static func decoded(_ value: Value, _ router: Router) throws -> Result {
        try ValueDecoder(router: router).decode(Result.self, from: value)
    }
}

extension RemoteFunction where Result == Void {
    /// A function without a result, whose body runs on a thread; its caller gets None. See the form with a result.
    public init(
        _ name: String, labels: [String] = [], _ placement: FunctionBody.Placement = .blocking,
        _ body: @escaping @Sendable (CallContext, repeat each Argument) throws -> Void
    ) {
        let code = Self.body(name, labels, placement) { (context: CallContext, argument: repeat each Argument) in
            try body(context, repeat each argument)
            return .none
        }
        self.init(name, labels: labels, code, reading: Self.ignored)
    }

    /// The same for a body that does not ask for the call's context.
    public init(
        _ name: String, labels: [String] = [], _ placement: FunctionBody.Placement = .blocking,
        _ body: @escaping @Sendable (repeat each Argument) throws -> Void
    ) {
        self.init(name, labels: labels, placement) { (_: CallContext, argument: repeat each Argument) in
            try body(repeat each argument)
        }
    }

    /// A function without a result, whose body may suspend.
    public init(
        _ name: String, labels: [String] = [],
        _ body: @escaping @concurrent @Sendable (CallContext, repeat each Argument) async throws -> Void
    ) {
        let code = Self.body(name, labels) { (context: CallContext, argument: repeat each Argument) async throws in
            try await body(context, repeat each argument)
            return .none
        }
        self.init(name, labels: labels, code, reading: Self.ignored)
    }

    /// The same for a body that does not ask for the call's context.
    public init(
        _ name: String, labels: [String] = [],
        _ body: @escaping @concurrent @Sendable (repeat each Argument) async throws -> Void
    ) {
        self.init(name, labels: labels) { (_: CallContext, argument: repeat each Argument) async throws -> Void in
            try await body(repeat each argument)
        }
    }

    /// Whatever a function of another program returns, nobody here asked for it.
    @Sendable private static func ignored(_ value: Value, _ router: Router) {}
}
