import Testing

@testable import MitoLinux

@Suite struct PollerTests {
    static let makers: [@Sendable () throws -> any Poller] = [{ try EpollPoller() }, { PollPoller() }]

    @Test(arguments: makers) func `what can be read is reported until it was read`(
        make: @Sendable () throws -> any Poller
    ) throws {
        let poller = try make()
        let pair = try SocketPair()
        try poller.add(pair.near.number, token: 7, reads: true, writes: false)
        #expect(try news(poller) == [])
        _ = try pair.far.write([1, 2, 3])
        #expect(try news(poller) == [Readiness(token: 7, isReadable: true, isWritable: false)])
        #expect(try news(poller) == [Readiness(token: 7, isReadable: true, isWritable: false)])
        var buffer = [UInt8](repeating: 0, count: 16)
        #expect(try pair.near.read(into: &buffer) == .bytes(3))
        #expect(try news(poller) == [])
    }

    @Test(arguments: makers) func `room to write is reported when asked for`(
        make: @Sendable () throws -> any Poller
    ) throws {
        let poller = try make()
        let pair = try SocketPair()
        try poller.add(pair.near.number, token: 7, reads: true, writes: false)
        try poller.change(pair.near.number, token: 7, reads: true, writes: true)
        #expect(try news(poller) == [Readiness(token: 7, isReadable: false, isWritable: true)])
    }

    @Test(arguments: makers) func `the end of a stream is something to read`(
        make: @Sendable () throws -> any Poller
    ) throws {
        let poller = try make()
        let near = try SocketPair().closingFar()
        try poller.add(near.number, token: 7, reads: true, writes: false)
        #expect(try news(poller).map(\.isReadable) == [true])
        var buffer = [UInt8](repeating: 0, count: 16)
        #expect(try near.read(into: &buffer) == .closed)
    }

    @Test(arguments: makers) func `what is not watched any more is not reported`(
        make: @Sendable () throws -> any Poller
    ) throws {
        let poller = try make()
        let near = try SocketPair().closingFar()
        try poller.add(near.number, token: 7, reads: true, writes: false)
        poller.remove(near.number)
        poller.remove(near.number)
        #expect(try news(poller) == [])
    }

    @Test(arguments: makers) func `a descriptor is watched once`(make: @Sendable () throws -> any Poller) throws {
        let poller = try make()
        let pair = try SocketPair()
        try poller.add(pair.near.number, token: 7, reads: true, writes: false)
        #expect(throws: SystemError.self) {
            try poller.add(pair.near.number, token: 8, reads: true, writes: false)
        }
    }

    @Test func `writing to a peer that does not read blocks, and to one that is gone is the end`() throws {
        let pair = try SocketPair(sendBufferBytes: 4096)
        try pair.near.setNonblocking()
        let block = [UInt8](repeating: 1, count: 64 * 1024)
        var moved = try pair.near.write(block)
        while case .bytes = moved { moved = try pair.near.write(block) }
        #expect(moved == .wouldBlock)
        Thread.blockBrokenPipeSignal()
        let alone = pair.closingFar()
        #expect(try alone.write(block) == .closed)
    }

    @Test func `a failed call names itself and its reason`() {
        let error = #expect(throws: SystemError.self) { _ = try FileDescriptor.appending(to: "/nowhere/at-all") }
        #expect(error?.description == "open: [Errno 2] No such file or directory")
    }

    private func news(_ poller: any Poller) throws -> [Readiness] {
        var news: [Readiness] = []
        try poller.wait(milliseconds: 0, into: &news)
        return news
    }
}
