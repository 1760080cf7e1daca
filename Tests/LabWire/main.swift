// A wire and its hosts, each of them an idle process in a network of its own, for tests to start programs in.
//
//     unshare --user --map-root-user --net --uts lab-wire tree|mesh HOSTS [FOLDER FOR CAPTURES]
//
// It prints the hosts' process numbers in one line, and then obeys its stdin, a line at a time, until that ends. An
// order is for the link of host 1: `cut`, `cut up`, `mend`, `hold`, `release`, `reset`, or
// `set DELAY BANDWIDTH LOSS`: microseconds each way, bytes per second and losses in a thousand, 0 = none. Each is
// answered `ok`. `status` tells of that link.
import Glibc
import MitoCore
import MitoLab
import MitoLinks
import MitoLinux

FileDescriptor.lineBufferStdout()
do {
    try run(Array(CommandLine.arguments.dropFirst()))
} catch {
    print("failed: \(error)")
    exit(71)
}

func run(_ words: [String]) throws {
    guard words.count >= 2, let topology = LabPlan.Topology(rawValue: words[0]), let count = Int(words[1]) else {
        exit(64)
    }
    var plan = LabPlan(topology: topology, seed: 7)
    // A chain, so that the way from the first to the last crosses every link.
    for host in 0..<count { plan.add("host\(host)", below: host == 0 ? nil : host - 1) }
    let wire = try Wire(plan)
    var hosts: [Process] = []
    for host in 0..<count {
        let port = try HostNetwork.make(host, of: plan) { () throws(SystemError) in hosts.append(try Process()) }
        try wire.add(port, of: host)
    }
    if words.count > 2 { try wire.capture(into: words[2]) }
    print(hosts.map { "\($0.child.pid)" }.joined(separator: " "))

    let poller = try EpollPoller()
    let input = try FileDescriptor.duplicate(of: 0)
    try poller.add(wire.number, token: 0, reads: true, writes: false)
    try poller.add(input.number, token: 1, reads: true, writes: false)
    var news: [Readiness] = []
    var text: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
        news.removeAll(keepingCapacity: true)
        try poller.wait(milliseconds: -1, into: &news)
        for event in news {
            guard event.token == 1 else {
                try wire.turn()
                continue
            }
            guard case .bytes(let count) = try input.read(into: &buffer) else { return }
            text += buffer[..<count]
            while let end = text.firstIndex(of: UInt8(ascii: "\n")) {
                try obey(String(decoding: text[..<end], as: UTF8.self), wire)
                text.removeSubrange(...end)
            }
        }
    }
}

/// A host's only process.
final class Process {
    let child: ChildProcess

    init() throws(SystemError) {
        child = try ChildProcess(
            program: "sleep", arguments: ["sleep", "infinity"], environment: [], stream: FileDescriptor.empty())
    }
}

func obey(_ line: String, _ wire: Wire) throws {
    if line == "status" {
        let status = wire.status()
        let link = status.links[0]
        for (name, way) in [("up", link.up), ("down", link.down)] {
            let dropped = way.dropped
            print(
                "\(name) packets \(way.packets) bytes \(way.bytes) lost \(dropped.lost) full \(dropped.full)",
                "cut \(dropped.cut) reset \(dropped.reset) queued \(way.queueBytes)", terminator: " ")
        }
        return print("astray \(status.astray) overrun \(status.overrun)")
    }
    guard let order = order(line.split(separator: " ").map(String.init)) else { return print("what?") }
    try wire.perform(order, onLinkOf: 1)
    print("ok")
}

func order(_ words: [String]) -> LinkOrder? {
    let ways = words.count > 1 ? LinkOrder.Ways(rawValue: words[1]) : .both
    switch words.first {
    case "cut": return ways.map(LinkOrder.cut)
    case "hold": return ways.map(LinkOrder.hold)
    case "release": return ways.map(LinkOrder.release)
    case "mend": return .mend
    case "reset": return .reset
    case "set":
        let numbers = words.dropFirst().compactMap(Int64.init)
        guard numbers.count == 3, (0...1000).contains(numbers[2]), numbers[1] >= 0 else { return nil }
        var way = LinkModel.OneWay(delay: .constant(.microseconds(numbers[0])))
        if numbers[1] > 0 { way.bandwidth = UInt64(numbers[1]) }
        if numbers[2] > 0 { way.loss = Loss(Ratio(UInt32(numbers[2]), 1000)) }
        return .set(LinkModel(way))
    default: return nil
    }
}
