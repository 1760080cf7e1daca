import Glibc
import MitoCore
import MitoLive
import Mitoscope

/// A program as users write them, for tests that watch how it and its contexts end:
///
///     little-program TAG ENDING
///
/// Below its root are TAG-relay and, below that, TAG-leaf. It says `up` when they are, then ends as ENDING says.
@main struct LittleProgram {
    static func main() {
        Mitoscope.main(functions: BuiltInFunctions.all + [visit] + Endings.all + Defects.all) { router in
            let (tag, ending) = (CommandLine.arguments[1], CommandLine.arguments[2])
            let relay = try await router.local(name: tag + "-relay")
            let leaf = try await router.local(name: tag + "-leaf", via: relay)
            say("up\n")
            switch ending {
            case "return": break
            case "throw": throw Mishap()
            case "exit": exit(7)
            case "trap": fatalError("on purpose")
            case "wait":
                do { try await leaf.call("hang") } catch { say("told\n") }
            case "deaf": while true { try? await Task.sleep(nanoseconds: 100_000_000) }
            case "stuck": while true { sleep(1000) }
            case "detach":
                let name = tag + "-detached"
                let other = try await router.local(name: name, via: relay)
                do { try await other.call("little.detach", [.text(Text("/tmp/\(name)"))]) } catch { say("told\n") }
                while true { try await Task.sleep(nanoseconds: 1_000_000_000) }
            case "defects": for defect in Defects.all { try await leaf.call(defect.name) }
            case "nested":
                // Not the first thing that a program does, yet it may start itself: it has shown that it can.
                let visits = try await withRouter { inner in try await inner.local(name: tag + "-inner").call(visit) }
                say("\(visits)\n")
            default: fatalError("no ending is called \(ending)")
            }
        }
    }

    /// Code in a context that needs its main actor.
    static let visit = ValueFunction(
        "little.visit",
        .async { _, _ in
            await MainActor.run {
                visits += 1
                return .int(Int64(visits))
            }
        })

    @MainActor static var visits = 0

    struct Mishap: Error {}
}

/// Writes to one of this process's own descriptors, at once.
func say(_ text: String, on descriptor: Int32 = 1) { _ = text.withCString { write(descriptor, $0, strlen($0)) } }
