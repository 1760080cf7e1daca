public import MitoCore
public import Mitoscope

/// Runs `body` with a router of its own, and ends everything that it started, whatever comes of it.
///
///     try await withRouter(image: "/usr/bin/mito-agent") { router in
///         let web = try await router.local(name: "web")
///         print(try await web.call("echo", ["hello"]))
///     }
///
/// - Parameters:
///   - image: the program that becomes a context; `ContextProgram.ownImage` for a program that is its own.
///   - configuration: what the root chooses for the tree.
public func withRouter<Result>(
    image: String, configuration: Node.Configuration = Node.Configuration(),
    _ body: (Router) async throws -> Result
) async throws -> Result {
    var configuration = configuration
    let settings = Broker.Settings(image: image)
    if settings.tracePath != nil { configuration.isTraced = true }
    configuration.log(at: LogSettings.ofEnvironment.level)
    let router = Router(
        world: try Broker(agent: Agent(node: Node(master: configuration), functions: []), settings: settings))
    do {
        let result = try await body(router)
        try await router.shutdown()
        return result
    } catch {
        try await router.shutdown()
        throw error
    }
}
