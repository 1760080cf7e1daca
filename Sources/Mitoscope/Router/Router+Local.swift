public import MitoCore

/// Contexts that are processes on a host where there is one already.
extension Router {
    /// Starts a context as a process of its own, on the host of `via` or here.
    ///
    /// ```swift
    /// let bastion = try await router.local(name: "bastion", connectTimeout: .seconds(5))
    /// let web = try await router.local(name: "web", via: bastion, grace: .milliseconds(500))
    /// ```
    ///
    /// - Parameters:
    ///   - name: what the context is called in names, logs and traces; nil = after its method and process.
    ///   - via: the context that starts it, and that it is below; nil = this router's own.
    ///   - executable: the program that becomes the context, a path or a name in `PATH`; nil = the image of whoever
    ///     starts it. In a simulation every context has the one image.
    ///   - remoteName: what the process calls itself, after `mitogen:`, for whoever lists processes; nil = as `name`,
    ///     or after who started it.
    ///   - unidirectional: whether it, and what it starts itself, let through only what comes from or goes to an
    ///     ancestor; nil = as this router does.
    ///   - debug: whether it, and what it starts itself, write a verbose log; nil = as this router does.
    ///   - profiling: whether it, and what it starts itself, measure what their loops do; nil = as this router does.
    ///   - connectTimeout: how long it may take to its first word; nil = as whoever starts it has it, usually 30 s.
    ///     With `via` it travels in whole seconds, rounded up.
    ///   - grace: how long its own orderly end may take before it is cut short; nil = 3 s.
    /// - Throws: `.stream` when it does not come up, `.bootstrap` when there is no program for it or one of another
    ///   build, `.usage` for what nobody can be asked for.
    public func local(
        name: String? = nil, via: Context? = nil, executable: String? = nil, remoteName: String? = nil,
        unidirectional: Bool? = nil, debug: Bool? = nil, profiling: Bool? = nil, connectTimeout: Duration? = nil,
        grace: Duration? = nil
    ) async throws(MitoscopeError) -> Context {
        let request = try ConnectRequest(
            local: name, executable: executable, remoteName: remoteName, unidirectional: unidirectional, debug: debug,
            profiling: profiling, connectTimeout: connectTimeout, grace: grace)
        return try await connect(request, via: via)
    }

    /// Starts a context, and blocks this thread until it is up.
    public func local(
        name: String? = nil, via: Context? = nil, executable: String? = nil, remoteName: String? = nil,
        unidirectional: Bool? = nil, debug: Bool? = nil, profiling: Bool? = nil, connectTimeout: Duration? = nil,
        grace: Duration? = nil
    ) throws(MitoscopeError) -> Context {
        let request = try ConnectRequest(
            local: name, executable: executable, remoteName: remoteName, unidirectional: unidirectional, debug: debug,
            profiling: profiling, connectTimeout: connectTimeout, grace: grace)
        return try connect(request, via: via)
    }
}

extension ConnectRequest {
    /// Says what is wrong before anything travels, so that it is the same in every world.
    fileprivate init(
        local name: String?, executable: String?, remoteName: String?, unidirectional: Bool?, debug: Bool?,
        profiling: Bool?, connectTimeout: Duration?, grace: Duration?
    ) throws(MitoscopeError) {
        if let remoteName, remoteName.utf8.contains(where: { Self.unfit.contains($0) }) {
            throw MitoscopeError(.usage, "remoteName: '\(remoteName)' has a slash or a zero byte in it")
        }
        if let executable, executable.isEmpty || executable.utf8.contains(0) {
            throw MitoscopeError(.usage, "executable: '\(executable)' is no name of a program")
        }
        self.init(method: "local", name: name)
        add("python_path", executable)
        add("remote_name", remoteName)
        try set(
            unidirectional: unidirectional, debug: debug, profiling: profiling, connectTimeout: connectTimeout,
            grace: grace)
    }

    /// `/`, `\` and zero: a process that calls itself so looks like a path, or ends early.
    private static let unfit: [UInt8] = [UInt8(ascii: "/"), UInt8(ascii: "\\"), 0]
}
