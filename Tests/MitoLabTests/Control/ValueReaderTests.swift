import MitoCore
import Testing

@testable import MitoLab

/// Values on a stream, wherever it is cut.
@Suite struct ValueStreamTests {
    private let values: [Value] = [.list(["exit", 0]), .none, .text("ü"), .bytes([0, 255])]

    @Test func `values come out as they went in, cut at any place`() throws {
        let bytes = values.flatMap(ValueReader.frame)
        for cut in bytes.indices {
            var reader = ValueReader()
            var seen: [Value] = []
            for part in [bytes[..<cut], bytes[cut...]] {
                reader.take(part)
                while let value = try reader.next() { seen.append(value) }
            }
            #expect(seen == values)
        }
    }

    @Test func `a value that says it is longer than anybody sends is refused before it comes in`() {
        var reader = ValueReader()
        reader.take([0x7F, 0xFF, 0xFF, 0xFF])
        #expect(throws: ValueReader.Failure.tooLong(0x7FFF_FFFF)) { try reader.next() }
    }

    @Test func `what is no value is refused`() {
        var reader = ValueReader()
        reader.take([0, 0, 0, 2, 0x80, 0x09])
        #expect(throws: ValueReader.Failure.notAValue) { try reader.next() }
    }
}
