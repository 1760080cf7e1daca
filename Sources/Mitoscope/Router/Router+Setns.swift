public import MitoCore

/// Contexts in containers, and in any other namespaces of a host where there is a context already.
extension Router {
    /// Starts a context in a container, on the host of `via` or here. Its program is handed in, so nothing need exist
    /// in the container: its root may be read-only, or empty.
    ///
    /// ```swift
    /// let web = try await router.setns(kind: .podman, container: "web")
    /// ```
    ///
    /// - Parameters:
    ///   - kind: what made the container.
    ///   - container: its name.
    ///   - username: the context's user there, by name or number; nil = the one who starts it, usually root.
    ///   - name: what the context is called; nil = `setns.` and the container's name.
    ///   - via: the context that starts it, and that it is below; nil = this router's own.
    ///   - connectTimeout: how long it may take to its first word, the look for the container's leader included.
    /// - Throws: as `setns(_:options:name:via:)`.
    public func setns(
        kind: ContainerKind, container: String, username: String? = nil, name: String? = nil, via: Context? = nil,
        connectTimeout: Duration? = nil
    ) async throws(MitoscopeError) -> Context {
        var options = SetnsOptions()
        options.username = username
        return try await setns(
            .container(kind, container), options: options, name: name, via: via, connectTimeout: connectTimeout)
    }

    /// Starts a context in a container, and blocks this thread until it is up.
    public func setns(
        kind: ContainerKind, container: String, username: String? = nil, name: String? = nil, via: Context? = nil,
        connectTimeout: Duration? = nil
    ) throws(MitoscopeError) -> Context {
        var options = SetnsOptions()
        options.username = username
        return try setns(
            .container(kind, container), options: options, name: name, via: via, connectTimeout: connectTimeout)
    }

    /// Starts a context in the namespaces of `target`, on the host of `via` or here.
    ///
    /// It has no capability there but those that the options name, and gets none by what it starts. It ends when the
    /// container stops; whoever waits for it is told so.
    ///
    /// - Parameters:
    ///   - target: whose namespaces they are.
    ///   - options: as whom and with what it enters.
    ///   - name: what the context is called; nil = `setns.` and the container's name, or its process.
    ///   - via: the context that starts it, and that it is below; nil = this router's own.
    ///   - unidirectional: as for `local`.
    ///   - debug: as for `local`.
    ///   - profiling: as for `local`.
    ///   - connectTimeout: how long it may take to its first word; nil = as whoever starts it has it, usually 30 s.
    ///   - grace: how long its own orderly end may take before it is cut short; nil = 3 s.
    /// - Throws: `.stream` when there is no such container or process, or it may not be entered, with what to do about
    ///   it; `.bootstrap` when there is no program for the context, or no `mito-ns`; `.usage` for a name that is none.
    public func setns(
        _ target: SetnsTarget, options: SetnsOptions = SetnsOptions(), name: String? = nil, via: Context? = nil,
        unidirectional: Bool? = nil, debug: Bool? = nil, profiling: Bool? = nil, connectTimeout: Duration? = nil,
        grace: Duration? = nil
    ) async throws(MitoscopeError) -> Context {
        var request = try ConnectRequest(entering: target, options, name: name)
        try request.set(
            unidirectional: unidirectional, debug: debug, profiling: profiling, connectTimeout: connectTimeout,
            grace: grace)
        return try await connect(request, via: via)
    }

    /// Starts a context in the namespaces of `target`, and blocks this thread until it is up.
    public func setns(
        _ target: SetnsTarget, options: SetnsOptions = SetnsOptions(), name: String? = nil, via: Context? = nil,
        unidirectional: Bool? = nil, debug: Bool? = nil, profiling: Bool? = nil, connectTimeout: Duration? = nil,
        grace: Duration? = nil
    ) throws(MitoscopeError) -> Context {
        var request = try ConnectRequest(entering: target, options, name: name)
        try request.set(
            unidirectional: unidirectional, debug: debug, profiling: profiling, connectTimeout: connectTimeout,
            grace: grace)
        return try connect(request, via: via)
    }
}

extension ConnectRequest {
    fileprivate init(
        entering target: SetnsTarget, _ options: SetnsOptions, name: String?
    ) throws(MitoscopeError) {
        self.init(method: "setns", name: name)
        switch target {
        case .container(let kind, let container):
            guard !container.isEmpty, !container.utf8.contains(0) else {
                throw MitoscopeError(.usage, "container: '\(container)' is no container's name")
            }
            add("container", container)
            add("kind", kind.rawValue)
            add(kind.toolOption, options.toolPath)
        case .process(let number): self.options.append(Value.Pair("pid", .int(Int64(number))))
        case .namespaces(let files):
            let pairs = files.map { Value.Pair(.text(Text($0.kind.rawValue)), .text(Text($0.path))) }
            self.options.append(Value.Pair("namespaces", .dict(pairs)))
        }
        add("username", options.username)
        add("mito_ns_path", options.mitoNSPath)
        add("root", options.root)
        guard !options.capabilities.isEmpty else { return }
        let names = options.capabilities.map { Value.text(Text($0)) }
        self.options.append(Value.Pair("capabilities", .list(names)))
    }
}

extension ContainerKind {
    /// The option that names another path for its tool.
    fileprivate var toolOption: String {
        switch self {
        case .docker: "docker_path"
        case .podman: "podman_path"
        case .lxc: "lxc_info_path"
        case .lxd: "lxc_path"
        case .incus: "incus_path"
        case .machinectl, .nspawn: "machinectl_path"
        }
    }
}
