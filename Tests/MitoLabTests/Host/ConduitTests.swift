import MitoLinux
import Testing

@testable import MitoLab

/// Bytes on their way from one descriptor to another.
@Suite struct ConduitTests {
    @Test func `where something always waits, what has gone out is forgotten all the same`() throws {
        let pair = try SocketPair()
        try pair.near.setNonblocking()
        var conduit = Conduit()
        var room = [UInt8](repeating: 0, count: 64 * 1024)
        var next: UInt8 = 0
        var expected: UInt8 = 0
        for _ in 0..<200 {
            while conduit.wantsBytes {
                conduit.put((0..<room.count).map { next &+ UInt8(truncatingIfNeeded: $0) })
                next &+= UInt8(truncatingIfNeeded: room.count)
            }
            conduit.write(to: pair.near)
            #expect(conduit.hasBytes)
            guard case .bytes(let count) = try pair.far.read(into: &room) else { break }
            #expect(room[..<count].indices.allSatisfy { room[$0] == expected &+ UInt8(truncatingIfNeeded: $0) })
            expected &+= UInt8(truncatingIfNeeded: count)
        }
        #expect(conduit.heldBytes < 1 << 20)
    }
}
