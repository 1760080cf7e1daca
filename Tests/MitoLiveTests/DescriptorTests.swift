import TestSupport
import Glibc
import MitoCore
import MitoLinux
import MitoLive
import Mitoscope
import Testing

@Suite(.timeLimit(.minutes(1))) struct DescriptorTests {
    @Test(arguments: [false, true])
    func `a program reads a pipe as it fills, until its end`(isPortable: Bool) async throws {
        let live = try Live(isPortable: isPortable)
        let pipe = try Pipe()
        let reading = Task {
            var bytes: [UInt8] = []
            for try await _ in live.broker.readable(pipe.reader) {
                guard let byte = pipe.read() else { break }
                bytes.append(byte)
            }
            return bytes
        }
        for byte: UInt8 in 1...100 { pipe.write(byte) }
        pipe.closeWriter()
        #expect(try await reading.value == Array(1...100))
        try await live.router.shutdown()
    }

    @Test func `a pipe with room can be written to at once, one with nothing in it not be read`() async throws {
        try await Live.tree { live in
            let pipe = try Pipe()
            try await live.broker.writable(pipe.writer).wait(timeout: .seconds(30))
            let error = await #expect(throws: MitoscopeError.self) {
                try await live.broker.readable(pipe.reader).wait(timeout: .milliseconds(1))
            }
            #expect(error?.code == .timeout)
        }
    }

    @Test func `two may wait for one descriptor`() async throws {
        try await Live.tree { live in
            let pipe = try Pipe()
            async let first: Void = live.broker.readable(pipe.reader).wait()
            async let second: Void = live.broker.readable(pipe.reader).wait()
            pipe.write(1)
            _ = try await (first, second)
        }
    }

    @Test func `what cannot be watched says so`() async throws {
        try await Live.tree { live in
            let file = open("/proc/self/exe", O_RDONLY | O_CLOEXEC)
            defer { close(file) }
            for number in [file, 9999] {
                let error = await #expect(throws: MitoscopeError.self) {
                    try await live.broker.readable(number).wait(timeout: .seconds(30))
                }
                #expect(error?.code == .usage)
            }
        }
    }

    @Test func `a wait ends with the context`() async throws {
        let live = try Live()
        let pipe = try Pipe()
        let waiting = Task { for try await _ in live.broker.readable(pipe.reader) {} }
        try await live.router.shutdown()
        try await waiting.value
    }

    @Test func `a wait that was given up leaves nothing watched`() async throws {
        try await Live.tree { live in
            let pipe = try Pipe()
            let waiting = Task { try await live.broker.readable(pipe.reader).wait() }
            waiting.cancel()
            await #expect(throws: MitoscopeError.self) { try await waiting.value }
            let interest = Latch<Bool>()
            live.broker.submit("a look") { _, desk, _ in
                try? interest.put(desk.descriptors.interest(in: pipe.reader).reads)
            }
            #expect(try await interest.get() == false)
        }
    }
}

/// A pipe of this process that no child inherits, gone with its last holder.
private final class Pipe: Sendable {
    let reader: Int32
    let writer: Int32
    private let isWriting = Latch<Void>()

    init() throws {
        var ends: [Int32] = [-1, -1]
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        try #require(socketpair(AF_UNIX, kind, 0, &ends) == 0)
        (reader, writer) = (ends[0], ends[1])
        try isWriting.put()
    }

    deinit {
        closeWriter()
        close(reader)
    }

    func write(_ byte: UInt8) {
        var byte = byte
        #expect(Glibc.write(writer, &byte, 1) == 1)
    }

    /// Nil at the end.
    func read() -> UInt8? {
        var byte: UInt8 = 0
        return Glibc.read(reader, &byte, 1) == 1 ? byte : nil
    }

    func closeWriter() {
        if (try? isWriting.get(timeout: .zero)) != nil { close(writer) }
    }
}
