extension CallContext {
    /// Leaves the parent: this context lives on with everything below it, and nothing above it can end it or be reached
    /// any more. What it waited for above is lost, the answer to the call that runs too. Fails as `.channel` in a
    /// context that has no parent.
    ///
    /// ```swift
    /// let serve = RemoteFunction("demo.serve") { (context: CallContext) in
    ///     try await context.detach()
    ///     try await listen()
    /// }
    /// ```
    public func detach() async throws(MitoscopeError) { _ = try await router.perform(.detach, path: []) }

    /// Leaves the parent, and blocks this thread until that is done.
    public func detach() throws(MitoscopeError) { _ = try router.perform(.detach, path: []) }
}
