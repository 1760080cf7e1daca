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
///   - image: the program that becomes a context; nil = this one, where `Mitoscope.main` or
///     `ContextProgram.serveIfStarted` was called, else every connection fails as `.bootstrap`.
///   - configuration: what the root chooses for the tree.
///   - body: the program; when it returns or throws, the tree is ended.
public func withRouter<Result>(
    image: String? = ContextProgram.usualImage, configuration: Node.Configuration = Node.Configuration(),
    _ body: (Router) async throws -> Result
) async throws -> Result {
    let broker = try Broker(master: configuration, image: image)
    let router = Router(world: broker)
    do {
        let result = try await body(router)
        try await router.shutdown()
        return result
    } catch {
        try await router.shutdown()
        throw error
    }
}
