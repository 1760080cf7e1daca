import Glibc
import MitoCore
import MitoLinks
import MitoLinux

/// The first process of a lab, whose end is the end of all: it makes the hosts, moves their packets, takes orders, and
/// collects orphans. One thread, one loop.
///
/// Its stdin is a unix stream to its owner, which says first of all what lab it is to be (`LabSetup`). The lab ends
/// when that stream does, unless the owner has let it go before.
final class Supervisor {
    private let setup: LabSetup
    private let folder: LabFolder
    private let owner: ControlChannel
    private let listener: Shared<FileDescriptor>?
    private let wire: Wire
    private var hosts: [SupervisedHost] = []
    private let signals: SignalBell
    private let poller: EpollPoller
    /// Those who ask, by their descriptors; the owner is not among them.
    private var clients: [Int32: ControlChannel] = [:]
    private var isOwned = true
    private var isEnding = false

    /// Makes the lab that the owner describes, serves it, and returns when it is over. Called as the first process of
    /// a pid namespace, in mount, network and user namespaces of its own.
    static func run(ownerDescriptor: Int32) throws(LabFailure) {
        let owner: ControlChannel
        do throws(SystemError) {
            owner = ControlChannel(try FileDescriptor.duplicate(of: ownerDescriptor))
        } catch {
            throw LabFailure("the owner cannot be heard: \(error)")
        }
        guard let message = try owner.receive(within: setupTime) else { return }
        do throws(LabFailure) {
            let supervisor = try Supervisor(LabSetup(message.value), message.descriptors, owner)
            try supervisor.serve()
        } catch {
            _ = try? owner.send(LabAnswer.refused(error.description).value)
            throw error
        }
    }

    private init(
        _ setup: LabSetup, _ descriptors: [Shared<FileDescriptor>], _ owner: ControlChannel
    ) throws(LabFailure) {
        guard (2...3).contains(descriptors.count) else { throw LabFailure("a lab's programs did not come with it") }
        (self.setup, self.owner) = (setup, owner)
        listener = descriptors.count == 3 ? descriptors[2] : nil
        do throws(SystemError) {
            try Machine.forgetAmbientCapabilities()
            signals = try SignalBell([SIGCHLD, SIGTERM, SIGINT, SIGHUP])
            poller = try EpollPoller()
            wire = try Wire(setup.plan)
            if let captures = setup.captures { try wire.capture(into: captures) }
        } catch {
            throw LabFailure("the lab cannot begin: \(error)", isOfMachine: true)
        }
        folder = try LabFolder.make(for: setup, programs: descriptors.prefix(2).map(\.number))
    }

    private func serve() throws(LabFailure) {
        try makeHosts()
        do throws(SystemError) {
            try tellReady()
            try poller.add(wire.number, token: Self.wireToken, reads: true, writes: false)
            try poller.add(signals.descriptor.number, token: Self.signalToken, reads: true, writes: false)
            try poller.add(owner.number, token: UInt64(owner.number), reads: true, writes: false)
            if let listener {
                try listener.value.setNonblocking()
                try poller.add(listener.number, token: UInt64(listener.number), reads: true, writes: false)
            }
            var news: [Readiness] = []
            while !isEnding {
                news.removeAll(keepingCapacity: true)
                try poller.wait(milliseconds: -1, into: &news)
                for event in news { try serve(event.token) }
            }
            try wire.flushCapture()
        } catch {
            throw LabFailure("the lab ends: \(error)", isOfMachine: true)
        }
    }

    private func makeHosts() throws(LabFailure) {
        for index in setup.plan.hosts.indices {
            let name = setup.plan.hosts[index].name
            do throws(SystemError) {
                let port = try HostNetwork.make(index, of: setup.plan) { () throws(SystemError) in
                    hosts.append(
                        try SupervisedHost(
                            name, address: LabPlan.address(of: index), in: folder, isTraced: setup.isTraced))
                }
                try wire.add(port, of: index)
            } catch {
                throw LabFailure("the network of the host \(name) cannot be made: \(error)", isOfMachine: true)
            }
        }
        for host in hosts { try host.waitUntilReady() }
    }

    private func tellReady() throws(SystemError) {
        guard setup.isTraced else {
            _ = try owner.send(LabAnswer.done(.none).value)
            return
        }
        let input = try FileDescriptor.reading(folder.trace)
        let output = try FileDescriptor.appending(to: folder.trace)
        _ = try owner.send(LabAnswer.done(.none).value, with: [input.number, output.number])
    }

    private func serve(_ token: UInt64) throws(SystemError) {
        switch token {
        case Self.wireToken: try wire.turn()
        case Self.signalToken: takeSignals()
        case UInt64(owner.number): if !listen(to: owner) { loseOwner() }
        case listener.map({ UInt64($0.number) }): try accept()
        default:
            let number = Int32(truncatingIfNeeded: token)
            guard let client = clients[number] else { return }
            let wasSending = client.isSending
            guard goOn(with: client) else {
                poller.remove(number)
                clients[number] = nil
                return
            }
            // Who is being answered is not heard meanwhile.
            guard client.isSending != wasSending else { return }
            try poller.change(number, token: token, reads: wasSending, writes: !wasSending)
        }
    }

    private func loseOwner() {
        poller.remove(owner.number)
        if isOwned { isEnding = true }
    }

    private func takeSignals() {
        for number in signals.take() where number != SIGCHLD { isEnding = true }
        // A lab without one of its hosts is none.
        if hosts.contains(where: { $0.process.reap() != nil }) { isEnding = true }
        SignalBell.reapOrphans()
    }

    /// Takes those who want to ask, of this user alone.
    private func accept() throws(SystemError) {
        guard let listener, let socket = try AbstractSocket.accept(from: listener.value) else { return }
        let user = try AbstractSocket.peerUser(of: socket)
        guard user == getuid() || user == 0, clients.count < Self.clientsMax else { return }
        let client = ControlChannel(socket)
        try poller.add(client.number, token: UInt64(client.number), reads: true, writes: false)
        clients[client.number] = client
    }

    private func goOn(with client: ControlChannel) -> Bool {
        guard client.isSending else { return listen(to: client) }
        guard (try? client.flush()) ?? false else { return false }
        return client.isSending || listen(to: client)
    }

    /// Answers what a client has asked by now, until an answer has to wait for its reader; false when it is to be let
    /// go.
    private func listen(to client: ControlChannel) -> Bool {
        do {
            guard try client.read() else { return false }
            while !client.isSending, let message = try client.next() {
                guard let request = LabRequest(message.value) else {
                    try client.send(LabAnswer.refused("that is no request to a lab").value)
                    continue
                }
                guard try answer(request, to: client) else { return false }
            }
            return true
        } catch {
            return false
        }
    }

    private func answer(_ request: LabRequest, to client: ControlChannel) throws(SystemError) -> Bool {
        switch request {
        case .status: return try client.send(LabAnswer.done(status.value).value)
        case .order(let order, let link):
            guard try perform(order, link) else {
                return try client.send(LabAnswer.refused("there is no link '\(link)': \(known(links))").value)
            }
        case .host(let name):
            guard let host = hosts.first(where: { $0.name == name }) else {
                let why = "there is no host '\(name)': \(known(hosts.map(\.name)))"
                return try client.send(LabAnswer.refused(why).value)
            }
            return try client.send(LabAnswer.done(.none).value, with: [host.process.number])
        case .flush: try wire.flushCapture()
        case .outlive:
            guard client === owner else {
                return try client.send(LabAnswer.refused("only its owner can let a lab go").value)
            }
            isOwned = false
        case .down:
            isEnding = true
            endProcesses()
            try wire.flushCapture()
        }
        return try client.send(LabAnswer.done(.none).value)
    }

    /// How links are named: by their lower ends, and in a mesh by both.
    private var links: [String] {
        let plan = setup.plan
        guard plan.topology == .mesh else { return plan.hosts.filter { $0.parent != nil }.map(\.name) }
        return plan.hosts.indices.flatMap { upper in
            plan.hosts.indices.dropFirst(upper + 1).map { "\(plan.hosts[upper].name):\(plan.hosts[$0].name)" }
        }
    }

    private func known(_ names: [String]) -> String {
        let more = names.count > Self.listedMax ? " and \(names.count - Self.listedMax) more" : ""
        return "there are " + names.prefix(Self.listedMax).joined(separator: ", ") + more
    }

    /// How many names a refusal tells.
    private static let listedMax = 20

    /// `web` is the link from there to its parent, `web:db` the one between the two. False when there is none.
    private func perform(_ order: LinkOrder, _ link: String) throws(SystemError) -> Bool {
        let names = link.split(separator: ":", omittingEmptySubsequences: false)
        let ends = names.compactMap { setup.plan.index(of: String($0)) }
        guard ends.count == names.count else { return false }
        switch ends.count {
        case 1 where setup.plan.hosts[ends[0]].parent != nil: try wire.perform(order, onLinkOf: ends[0])
        case 2 where ends[0] != ends[1]: return try wire.perform(order, between: ends[0], and: ends[1])
        default: return false
        }
        return true
    }

    /// Whoever asks for the end is told when nobody is left but us.
    private func endProcesses() {
        kill(-1, SIGKILL)
        while waitpid(-1, nil, 0) > 0 || errno == EINTR {}
    }

    private var status: LabStatus {
        let processes = HostProcesses.names(
            in: hosts.map(\.network), butNot: Set(hosts.map { $0.process.pid } + [getpid()]))
        var status = LabStatus()
        status.hosts = zip(hosts, processes).map { host, names in
            LabStatus.Host(name: host.name, address: "\(host.address)", processes: names)
        }
        let wire = wire.status()
        status.overrun = wire.overrun
        status.links = wire.links.map { link in
            LabStatus.Link(
                lower: hosts[link.lower].name, upper: hosts[link.upper].name, up: link.up, down: link.down)
        }
        return status
    }

    private static let wireToken = UInt64.max
    private static let signalToken = UInt64.max - 1
    private static let clientsMax = 64
    private static let setupTime = Duration.seconds(30)
}
