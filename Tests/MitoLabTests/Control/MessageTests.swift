import MitoCore
import MitoLinks
import MitoLinux
import Testing

@testable import MitoLab

/// What a lab and its owner, a dialler and a host say to each other.
@Suite struct MessageTests {
    private static let requests: [LabRequest] = [
        .status, .flush, .outlive, .down, .host("web"), .order(.cut(.up), link: "web"), .order(.reset, link: "web:db"),
        .order(.set(LinkModel(delay: .constant(.milliseconds(5)))), link: "web"),
    ]

    @Test(arguments: requests)
    func `a request is read as it was meant`(request: LabRequest) { #expect(LabRequest(request.value) == request) }

    @Test func `a lab's description is read as it was meant`() throws {
        var plan = LabPlan(topology: .mesh, usualLink: LinkModel(delay: .constant(.milliseconds(1))), seed: 7)
        let master = plan.add("master")
        plan.add("web", below: master, link: LinkModel(delay: .constant(.milliseconds(20))))
        let setup = LabSetup(id: "ab12", plan: plan, captures: "/tmp/x", isTraced: true)
        #expect(try LabSetup(setup.value) == setup)
    }

    @Test(arguments: ["", "../x", "A", "a/b", String(repeating: "a", count: 33)])
    func `an id that could lead elsewhere is refused`(id: String) {
        var plan = LabPlan(seed: 1)
        plan.add("master")
        #expect(throws: LabFailure.self) { try LabSetup(LabSetup(id: id, plan: plan).value) }
    }

    @Test(arguments: ["", "a b", "a\nb", "A", "a/b", String(repeating: "a", count: 65)])
    func `a host's name that would say more in a file of hosts is refused`(name: String) {
        var plan = LabPlan(seed: 1)
        plan.add(name)
        #expect(LabPlan(plan.value) == nil)
    }

    @Test func `a status is read as it was meant`() {
        let way = WireStatus.OneWay(
            model: LinkModel.OneWay(delay: .constant(.milliseconds(5)), bandwidth: 1000), isHeld: false, isCut: true,
            packets: 1, bytes: 2, dropped: WireStatus.Dropped(lost: 3, full: 4, cut: 5, reset: 6), queuePackets: 7,
            queueBytes: 8)
        let status = LabStatus(
            hosts: [LabStatus.Host(name: "web", address: "10.77.0.2", processes: ["sshd", "curl"])],
            links: [LabStatus.Link(lower: "web", upper: "master", up: way, down: way)], overrun: 9)
        #expect(LabStatus(status.value) == status)
    }

    @Test(arguments: [
        StartNews.started, .failed(2, "no"), .errors([1, 2]), .exited(0), .exited(255), .signal(9),
    ])
    func `news of a program are read as they were meant`(news: StartNews) { #expect(StartNews(news.value) == news) }

    @Test func `no value makes a reader trap`() {
        let values: [Value] = [
            .none, 5, "x", .list([]), .list(["order"]), .list(["order", 5, "web"]), .list(["exit", -1]),
            .list(["exit", .int(.max)]), .list(["host", 5]), .list([.list([]), .list([5])]), .list([1, 2, 3, 4, 5]),
            .list([.list(["a\0b"]), .list([])]), .list(["failed", 1]), .list(["tree", .none, .list([.none])]),
        ]
        for value in values {
            #expect(LabRequest(value) == nil && StartNews(value) == nil && LabStatus(value) == nil)
            #expect(LabPlan(value) == nil && StartRequest(value) == nil && LabAnswer(value) == nil)
            #expect(throws: LabFailure.self) { try LabSetup(value) }
        }
    }

    @Test func `descriptors come with the value that they were sent with`() throws {
        let pair = try SocketPair()
        let far = try FileDescriptor.duplicate(of: pair.far.number)
        let (here, there) = (ControlChannel(pair.closingFar()), ControlChannel(far))
        let first = try FileDescriptor.inMemory("first")
        _ = try first.writeAll([1])
        let second = try FileDescriptor.inMemory("second")
        _ = try second.writeAll([2])
        try here.send("none")
        try here.send("both", with: [first.number, second.number])
        #expect(try there.receive(within: .seconds(5))?.descriptors.count == 0)
        let message = try #require(try there.receive(within: .seconds(5)))
        #expect(try message.descriptors.map { try $0.value.contents(bytesMax: 9) } == [[1], [2]])
    }

    @Test func `what a socket does not take at once is sent by and by`() throws {
        let pair = try SocketPair()
        try pair.near.setNonblocking()
        try pair.far.setNonblocking()
        let far = try FileDescriptor.duplicate(of: pair.far.number)
        let (here, there) = (ControlChannel(pair.closingFar()), ControlChannel(far, valueBytesMax: 8 << 20))
        let answer = Value.bytes([UInt8](repeating: 7, count: 4 << 20))
        #expect(try here.send(answer))
        #expect(here.isSending)
        var message: ControlChannel.Message?
        while message == nil {
            #expect(try here.flush() && there.read())
            message = try there.next()
        }
        #expect(message?.value == answer && !here.isSending)
    }

    @Test func `who says that descriptors came and sent none is no lab`() throws {
        let pair = try SocketPair()
        let far = try FileDescriptor.duplicate(of: pair.far.number)
        _ = try pair.near.writeAll(ValueReader.frame(.list([1, "x"])))
        let channel = ControlChannel(far)
        #expect(throws: LabFailure.self) { try channel.receive(within: .seconds(5)) }
    }
}
