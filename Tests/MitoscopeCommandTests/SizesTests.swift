import Foundation
import Testing

@testable import MitoscopeCommand

@Suite struct SizesTests {
    @Test func `every stage of a start is shown with its bytes`() throws {
        let agent = root.appending(path: ".build/debug/mito-agent").path
        let result = try mitoscope(["sizes", agent])
        #expect(result.status == 0)
        let stages = result.lines.map { $0.split(separator: " ").prefix(2).map(String.init) }
        #expect(stages.map(\.first) == ["command", "preamble", "image", "loaded"])
        let bytes = stages.compactMap { $0.last.flatMap { Int($0) } }
        let file = try FileManager.default.attributesOfItem(atPath: agent)[.size] as? Int
        #expect(bytes.count == 4 && bytes[2] == file && bytes[3] < bytes[2])
        #expect((50..<1000).contains(bytes[0]) && (50..<1000).contains(bytes[1]))
        #expect(result.output.contains("mito-agent, "))
    }

    @Test func `what is no program is status 64`() throws {
        let story = "Scenarios/Lessons/01-first-call.yaml"
        let result = try mitoscope(["sizes", story])
        #expect(result.status == 64 && result.complaints == "\(story): no program for 64-bit Linux\n")
        #expect(try mitoscope(["sizes", "no-such-file"]).complaints == "no-such-file: cannot be read\n")
    }

    @Test func `an image is known by its machine, and by what is loaded of it`() {
        let image = ImageFile(elf(machine: 183, segments: [(1, 10), (4, 5), (1, 7)]))
        #expect(image?.architecture == "aarch64" && image?.loadedBytes == 17)
        #expect(ImageFile(elf(machine: 999, segments: []))?.architecture == "machine 999")
    }

    @Test func `no head of a file is trusted`() {
        let whole = elf(machine: 62, segments: [(1, 10)])
        for length in 0..<whole.count { #expect(ImageFile(whole.prefix(length)) == nil) }
        #expect(ImageFile(elf(machine: 62, segments: [(1, .max)])) == nil)
        #expect(ImageFile(elf(machine: 62, segments: [(1, 10)], table: .max)) == nil)
        #expect(ImageFile(elf(machine: 62, segments: [(1, 10)], table: UInt64(Int.max) - 5)) == nil)
        #expect(ImageFile(elf(machine: 62, segments: [(1, 10)], entry: 1)) == nil)
    }

    /// The head of an ELF file, and its table of segments.
    private func elf(
        machine: UInt16, segments: [(kind: UInt32, length: UInt64)], table: UInt64 = 64, entry: UInt16 = 56
    ) -> Data {
        func bytes(_ number: some FixedWidthInteger) -> [UInt8] { withUnsafeBytes(of: number.littleEndian, Array.init) }
        var head: [UInt8] = [0x7F, 0x45, 0x4C, 0x46, 2, 1] + [UInt8](repeating: 0, count: 58)
        head.replaceSubrange(18..<20, with: bytes(machine))
        head.replaceSubrange(32..<40, with: bytes(table))
        head.replaceSubrange(54..<56, with: bytes(entry))
        head.replaceSubrange(56..<58, with: bytes(UInt16(segments.count)))
        let rows = segments.map {
            bytes($0.kind) + [UInt8](repeating: 0, count: 28) + bytes($0.length) + [UInt8](repeating: 0, count: 16)
        }
        return Data(head + rows.flatMap(\.self))
    }
}
