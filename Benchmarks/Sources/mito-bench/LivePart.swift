import Dispatch
import Foundation
import MitoCore
import MitoLive
import Mitoscope
import Synchronization

/// The median time in nanoseconds of a call of `echo` in a child process, as a thread of the program sees it: over to
/// the broker's thread, to the child, and back.
func roundTripInLive(count: Int) throws -> Double {
    let tree = try LiveTree()
    defer { tree.end() }
    let child = try tree.connect()
    let request = CallRequest("echo", on: child, ["twenty-two characters."])
    var times: [Double] = []
    let clock = ContinuousClock()
    for turn in -warmUp..<count {
        let start = clock.now
        guard case .value = tree.call(request) else { throw NoContext() }
        if turn >= 0 { times.append((clock.now - start) / .nanoseconds(1)) }
    }
    return times.sorted()[count / 2]
}

/// Items of 32 bytes per second from a child process to a receiver here.
func streamInLive(count: Int) throws -> Double {
    let tree = try LiveTree()
    defer { tree.end() }
    let child = try tree.connect()
    let clock = ContinuousClock()
    let start = clock.now
    guard tree.receive(count, from: child) == count else { throw NoContext() }
    return Double(count) / ((clock.now - start) / .seconds(1))
}

private let warmUp = 500

/// No child, or no answer from it.
struct NoContext: Error, CustomStringConvertible {
    let description = "the program that MITOSCOPE_AGENT names is missing, or did not answer as a context does"
}

/// A root context with its broker, and one thing at a time to wait for.
private final class LiveTree {
    private let broker: Broker
    private let news = News()

    init() throws {
        guard let image = ProcessInfo.processInfo.environment["MITOSCOPE_AGENT"] else { throw NoContext() }
        broker = try Broker(
            agent: Agent(node: Node(master: Node.Configuration()), functions: []),
            settings: Broker.Settings(image: image), onDeed: news.heard)
    }

    func connect() throws -> ContextID {
        broker.submit { agent, now in _ = agent.node.connect(ConnectRequest(), at: now) }
        guard case .connected(_, .success(let context)) = news.wait() else { throw NoContext() }
        return context
    }

    func call(_ request: CallRequest) -> Outcome? {
        broker.submit { agent, now in _ = agent.node.call(request, at: now) }
        guard case .completed(_, let outcome) = news.wait() else { return nil }
        return outcome
    }

    /// Asks a child for `count` items and returns how many had come when its sender closed.
    func receive(_ count: Int, from child: ContextID) -> Int {
        broker.submit { agent, now in
            let receiver = agent.node.openReceiver(at: now)
            var request = CallRequest(
                "flood", on: child, [.int(Int64(count)), .sender(.master, receiver), .int(32)])
            request.isNoReply = true
            _ = agent.node.call(request, at: now)
        }
        guard case .completed = news.wait(), case .deliver = news.wait() else { return 0 }
        return news.items
    }

    func end() {
        broker.submit { agent, now in agent.node.shutdown(at: now) }
        broker.join()
    }
}

/// What the broker's thread tells the program's.
private final class News: Sendable {
    private let orders = Mutex<[Order]>([])
    private let arrived = DispatchSemaphore(value: 0)
    private let count = Atomic<Int>(0)

    /// How many items have come to receivers.
    var items: Int { count.load(ordering: .acquiring) }

    @Sendable func heard(_ deed: Agent.Deed) {
        guard case .order(let output) = deed else { return }
        switch output.order {
        case .deliver(_, let message) where !message.isDead:
            count.add(1, ordering: .relaxed)
        case .connected, .completed, .deliver:
            orders.withLock { $0.append(output.order) }
            arrived.signal()
        default: break
        }
    }

    func wait() -> Order {
        arrived.wait()
        return orders.withLock { $0.removeFirst() }
    }
}
