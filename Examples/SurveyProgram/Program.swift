public import Mitoscope
import MitoCore

public func survey(_ router: Router) async throws -> String {
    let web = try await router.local(name: "web")
    let a = try await web.call("survey.slow", ["x"])
    try await Task.sleep(for: .seconds(1))
    let b = try await web.call("survey.block", ["y"])
    let c = await Task { @MainActor in MainActor.assertIsolated(); return Int.random(in: 0..<1000) }.value
    async let d = web.call("survey.slow", ["z"])
    let e = await withTaskGroup(of: Int.self) { group in
        for i in 0..<5 { group.addTask { try? await Task.sleep(for: .milliseconds(10)); return i } }
        var order: [Int] = []
        for await i in group { order.append(i) }
        return order
    }
    return "\(a) \(b) \(c) \(try await d) \(e) \(ContinuousClock.now)"
}

public let surveyFunctions: [RemoteFunction] = BuiltInFunctions.all + [
    RemoteFunction("survey.slow", .async { context, call in
        try await Task.sleep(for: .seconds(60))
        return call.arguments[0]
    }),
    RemoteFunction("survey.block", .blocking { context, call in
        let child = try context.router.local(name: "deep")
        return try child.call("echo", call.arguments)
    }),
]
