import MitoLive
import MitoSimulator
import Mitoscope

// A first program, among real processes or in a simulation; what it prints is the same:
//
//     demo
//     demo sim 7

let name = RemoteFunction("demo.name") { (context: CallContext) in context.name }
let diskUsage = RemoteFunction("demo.disk_usage") { (context: CallContext) in 100 * context.ancestors.count }

@main struct Demo {
    static func main() throws {
        let functions: [any ImageFunction] = [name, diskUsage]
        let words = CommandLine.arguments.dropFirst()
        if words.count == 2, words.first == "sim", let seed = words.last.flatMap({ UInt64($0) }) {
            _ = try withSimulatedRouter(seed: seed, functions: functions, story)
        } else {
            Mitoscope.main(functions: functions) { router in  // a child started from this image never gets here
                guard words.isEmpty else { throw MitoscopeError(.usage, "usage: demo [sim SEED]") }
                try await story(router)
            }
        }
    }

    @Sendable static func story(_ router: Router) async throws {
        let web = try await router.local(name: "web1")
        let root = try await router.local(name: "root", via: web)
        print(try await root.call(name, timeout: .seconds(5)))

        var megabytes = 0
        for try await reply in Select([web, root].map { $0.callAsync(diskUsage) }) { megabytes += reply }
        print("\(megabytes) MB in use")
    }
}
