import MitoLinux
import Testing

@testable import MitoLab

/// Bytes on their way from one descriptor to another.
@Suite struct StreamBufferTests {
    @Test func `where something always waits, what has gone out is forgotten all the same`() throws {
        let pair = try SocketPair()
        try pair.near.setNonblocking()
        var buffer = StreamBuffer()
        var room = [UInt8](repeating: 0, count: 64 * 1024)
        var next: UInt8 = 0
        var expected: UInt8 = 0
        for _ in 0..<200 {
            while buffer.wantsBytes {
                buffer.put((0..<room.count).map { next &+ UInt8(truncatingIfNeeded: $0) })
                next &+= UInt8(truncatingIfNeeded: room.count)
            }
            buffer.write(to: pair.near)
            #expect(buffer.hasBytes)
            guard case .bytes(let count) = try pair.far.read(into: &room) else { break }
            #expect(room[..<count].indices.allSatisfy { room[$0] == expected &+ UInt8(truncatingIfNeeded: $0) })
            expected &+= UInt8(truncatingIfNeeded: count)
        }
        #expect(buffer.heldBytes < 1 << 20)
    }
}
