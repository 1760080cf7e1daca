public import MitoCore

/// What a function knows of the context that it runs in, and of the call.
///
/// ```swift
/// let ask = FunctionBody.async { context, _ in try await context.router.local(name: "helper").call("whoami") }
/// ```
public struct CallContext: Sendable {
    /// The router of the context that the function runs in: its calls and messages come from there.
    public let router: Router
    /// Who this context is.
    public let identity: Identity
    /// Who called.
    public let source: ContextID

    init(router: Router, identity: Identity, invocation: Invocation) {
        router.identify(identity)
        self.router = router
        self.identity = identity
        source = invocation.source
    }
}
