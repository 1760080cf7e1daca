import CReference
import Foundation
import MitoCore
import MitoLab
import MitoLinks
import MitoLinux

/// What one host sends to another, as fast as it can.
enum Traffic: String, CaseIterable {
    /// One stream, in bits per second.
    case tcp
    /// Packets of 64 bytes, of which those count that come in.
    case udp

    /// What one of the two hosts does.
    func run(_ end: String) {
        switch (self, end) {
        case (.tcp, "send"): exit(c_tcp_send("10.77.0.1") == 0 ? 0 : 1)
        case (.udp, "send"): exit(c_udp_send("10.77.0.1", 2 * Self.seconds) == 0 ? 0 : 1)
        case (.tcp, _): print(c_tcp_receive(Self.seconds))
        case (.udp, _): print(c_udp_receive(Self.seconds))
        }
    }

    private static let seconds = 2.0
}

/// What lies between two hosts.
enum Road: String, CaseIterable {
    /// Two interfaces that the kernel joins.
    case bare
    /// The lab's wire, whose link lets everything pass.
    case open
    /// … whose link takes a millisecond each way.
    case delayed
    /// … whose link is a terabyte a second wide: it looks at each packet, and each is one segment.
    case shaped

    /// What arrives in a second, measured in a process that has gone into namespaces of its own.
    func measure(_ traffic: Traffic) throws -> Double {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        let enter = ["unshare", "--user", "--map-root-user", "--net", "--uts"]
        process.arguments = enter + [program, "road", rawValue, traffic.rawValue]
        let output = Foundation.Pipe()
        process.standardOutput = output
        try process.run()
        let text = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        let word = String(decoding: text, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        guard let figure = Double(word), figure > 0 else {
            throw MeasureFailed(command: process.arguments ?? [], said: word)
        }
        return figure
    }

    /// The same, in those namespaces.
    func measureHere(_ traffic: Traffic) throws -> String {
        switch self {
        case .bare: try becomeBare(traffic)
        case .open: try wired(LinkModel(), traffic)
        case .delayed: try wired(LinkModel(delay: .constant(.milliseconds(1))), traffic)
        case .shaped: try wired(LinkModel(LinkModel.OneWay(bandwidth: 1 << 40)), traffic)
        }
    }

    private var program: String { URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().path }

    private func wired(_ link: LinkModel, _ traffic: Traffic) throws -> String {
        var plan = LabPlan(seed: 1)
        plan.add("sender", below: plan.add("receiver"), link: link)
        let wire = try Wire(plan)
        let figure = try SocketPair()
        var hosts: [Host] = []
        for (host, word) in ["receive", "send"].enumerated() {
            let port = try HostNetwork.make(host, of: plan) { () throws(SystemError) in
                hosts.append(try Host([program, "end", traffic.rawValue, word], figure.far))
            }
            try wire.add(port, of: host)
        }
        let poller = try EpollPoller()
        try poller.add(wire.number, token: 0, reads: true, writes: false)
        try poller.add(figure.near.number, token: 1, reads: true, writes: false)
        var news: [Readiness] = []
        var text = [UInt8](repeating: 0, count: 100)
        while true {
            news.removeAll(keepingCapacity: true)
            try poller.wait(milliseconds: -1, into: &news)
            for event in news {
                guard event.token == 1 else {
                    try wire.turn()
                    continue
                }
                guard case .bytes(let count) = try figure.near.read(into: &text) else { return "" }
                return String(decoding: text[..<count], as: UTF8.self)
            }
        }
    }

    /// A host's only process.
    private final class Host {
        let child: ChildProcess

        init(_ words: [String], _ stream: borrowing FileDescriptor) throws(SystemError) {
            child = try ChildProcess(program: words[0], arguments: words, environment: [], stream: stream)
        }
    }

    /// This process becomes the shell that makes two hosts, and prints what the receiver prints.
    private func becomeBare(_ traffic: Traffic) throws -> Never {
        let script = """
            unshare --net sleep 100 & first=$!
            unshare --net sleep 100 & second=$!
            here=$(readlink /proc/self/ns/net)
            while [ "$(readlink /proc/$first/ns/net)" = "$here" -o "$(readlink /proc/$second/ns/net)" = "$here" ]
            do :; done
            ip link add eth0 netns $first type veth peer name eth0 netns $second
            nsenter -t $first --net ip address add 10.77.0.1/16 dev eth0
            nsenter -t $second --net ip address add 10.77.0.2/16 dev eth0
            nsenter -t $first --net ip link set eth0 up
            nsenter -t $second --net ip link set eth0 up
            nsenter -t $second --net \(program) end \(traffic.rawValue) send >/dev/null &
            nsenter -t $first --net \(program) end \(traffic.rawValue) receive
            kill $first $second
            """
        var words: [UnsafeMutablePointer<CChar>?] = [strdup("/bin/sh"), strdup("-c"), strdup(script), nil]
        execv("/bin/sh", &words)
        throw MeasureFailed(command: ["/bin/sh"], said: String(cString: strerror(errno)))
    }
}
