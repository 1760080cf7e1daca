import Glibc
import MitoCore
import MitoLinux
import MitoLive
import Mitoscope

// A root with a small tree, for tests that kill parts of it:
//
//     havoc-tree AGENT TAG
//
// Below the root are TAG-relay and, below that, TAG-leaf; TAG-boot never gets past its start. It says `up` when it has
// tried to start them all, ends in order when its stdin does, and says what descriptors it has left then. It is an
// image itself, so AGENT may be this program.
ContextProgram.serveIfStarted(functions: BuiltInFunctions.all)

let (agent, tag) = (CommandLine.arguments[1], CommandLine.arguments[2])

func descriptors() -> Int {
    guard let folder = opendir("/proc/self/fd") else { return -1 }
    defer { closedir(folder) }
    var count = 0
    while readdir(folder) != nil { count += 1 }
    return count
}

@Sendable func say(_ text: String) { _ = text.withCString { write(1, $0, strlen($0)) } }

let before = descriptors()
do {
    var settings = Broker.Settings(image: agent)
    settings.isLogging = false
    var configuration = Node.Configuration()
    configuration.connectTimeout = .seconds(20)
    let broker = try Broker(agent: Agent(node: Node(master: configuration), functions: []), settings: settings)
    let router = Router(world: broker)

    var boot = ConnectRequest(name: tag + "-boot")
    boot.options = [Value.Pair("python_path", .list(["bash", "-c", .text("exec -a \(tag)-boot sleep 1000")]))]
    broker.perform(.connect(boot), as: CommandID(.max)) { _ in }
    // The end of stdin must end the tree also while it is still being built.
    let builder = try Thread("builder") {
        if let relay = try? router.local(name: tag + "-relay") {
            _ = try? router.local(name: tag + "-leaf", via: relay)
        }
        say("up\n")
    }

    var byte: UInt8 = 0
    while read(0, &byte, 1) > 0 {}
    try router.shutdown()
    broker.join()
    builder.join()
}
say("\(descriptors() - before) descriptors left\n")
