import Foundation
import MitoCore
import MitoLive
import Mitoscope
import Synchronization

/// What this program does when it is a context itself.
let calledFunctions: [any ImageFunction] = [
    ValueFunction("bench.inline", .inline { _, call in call.arguments.first ?? .none }),
    ValueFunction("bench.blocking", .blocking { _, call in call.arguments.first ?? .none }),
]

/// The median time in nanoseconds of a call of a function that returns its argument in a child process, as a thread of
/// the program sees it.
func roundTripInLive(_ function: String, count: Int) throws -> Double {
    let tree = try LiveTree(image: ContextProgram.ownImage)
    defer { tree.end() }
    let child: Context = try tree.router.local()
    var times: [Double] = []
    let clock = ContinuousClock()
    for turn in -warmUp..<count {
        let start = clock.now
        _ = try child.call(function, ["twenty-two characters."])
        if turn >= 0 { times.append((clock.now - start) / .nanoseconds(1)) }
    }
    return times.sorted()[count / 2]
}

/// Items per second from a child process to a receiver here.
func streamInLive(count: Int, size: Int) throws -> Double {
    let tree = try LiveTree()
    defer { tree.end() }
    let child: Context = try tree.router.local()
    let clock = ContinuousClock()
    let start = clock.now
    guard tree.receive(count, of: size, from: child.id) == count else { throw NoContext() }
    return Double(count) / ((clock.now - start) / .seconds(1))
}

/// The median time in nanoseconds until a local context is up.
func startInLive(count: Int) throws -> Double {
    let tree = try LiveTree()
    defer { tree.end() }
    var times: [Double] = []
    let clock = ContinuousClock()
    for _ in 0..<count {
        let start = clock.now
        let _: Context = try tree.router.local()
        times.append((clock.now - start) / .nanoseconds(1))
    }
    return times.sorted()[count / 2]
}

/// Bytes that a child which has answered a call keeps to itself: the mean of some.
func memoryInLive(children: Int) throws -> Double {
    let tree = try LiveTree()
    defer { tree.end() }
    for _ in 0..<children {
        let child: Context = try tree.router.local()
        _ = try child.call("echo", [1])
    }
    let kibibytes = try childProcesses().map { pid in
        try String(contentsOfFile: "/proc/\(pid)/smaps_rollup", encoding: .utf8).split(separator: "\n")
            .filter { $0.hasPrefix("Private_") }
            .compactMap { $0.split(separator: " ").dropFirst().first.flatMap { Int($0) } }
            .reduce(0, +)
    }
    guard kibibytes.count == children else { throw NoContext() }
    return Double(kibibytes.reduce(0, +) * 1024 / children)
}

/// The process numbers of this process's children, whichever thread started them.
private func childProcesses() throws -> [Substring] {
    try FileManager.default.contentsOfDirectory(atPath: "/proc/self/task").flatMap { thread in
        try String(contentsOfFile: "/proc/self/task/\(thread)/children", encoding: .utf8).split(separator: " ")
    }
}

private let warmUp = 500

/// No child, or no answer from it.
struct NoContext: Error, CustomStringConvertible {
    let description = "the program that MITOSCOPE_AGENT names is missing, or did not answer as a context does"
}

/// A root context with its broker.
private final class LiveTree {
    let router: Router
    private let broker: Broker
    private let items = Items()

    /// - Parameter image: what children are started from; nil = the program that MITOSCOPE_AGENT names.
    init(image: String? = nil) throws {
        guard let image = image ?? ProcessInfo.processInfo.environment["MITOSCOPE_AGENT"] else { throw NoContext() }
        broker = try Broker(
            agent: Agent(node: Node(master: Node.Configuration()), functions: []),
            settings: Broker.Settings(image: image), onDeed: items.heard)
        router = Router(world: broker)
    }

    /// Asks a child for `count` items and returns how many had come when its sender closed.
    func receive(_ count: Int, of size: Int, from child: ContextID) -> Int {
        broker.submit { agent, now in
            let receiver = agent.node.openReceiver(at: now)
            var request = CallRequest(
                "flood", on: child, [.int(Int64(count)), .sender(.master, receiver), .int(Int64(size))])
            request.isNoReply = true
            _ = agent.node.call(request, at: now)
        }
        return items.ended.wait()
    }

    func end() {
        broker.submit { agent, now in agent.node.shutdown(at: now) }
        broker.join()
    }
}

/// The items that came to the one receiver.
private final class Items: Sendable {
    /// How many they were, once their sender has closed.
    let ended = Answer<Int>()
    private let count = Atomic<Int>(0)

    @Sendable func heard(_ deed: Agent.Deed) {
        guard case .order(let output) = deed, case .deliver(_, let message) = output.order else { return }
        if message.isDead {
            ended.give(count.load(ordering: .relaxed))
        } else {
            count.add(1, ordering: .relaxed)
        }
    }
}
