import Foundation
import Testing

@testable import MitoscopeCommand

/// The agent inside the program. `make bare` shows that contexts are started from it.
@Suite struct EmbeddedImageTests {
    @Test func `a section is found by its name`() {
        let program = elf(sections: [(".text", [1, 2]), (EmbeddedImage.section(of: "mito-agent"), [7, 8, 9])])
        #expect(ImageFile.section(EmbeddedImage.section(of: "mito-agent"), of: program) == Data([7, 8, 9]))
        #expect(ImageFile.section(".text", of: program) == Data([1, 2]))
        #expect(ImageFile.section(".mito", of: program) == nil)
    }

    @Test func `a program that was just built has no agent inside, and uses the one beside it`() throws {
        let image = try Data(contentsOf: root.appending(path: ".build/debug/mitoscope"), options: .alwaysMapped)
        #expect(ImageFile.section(EmbeddedImage.section(of: "mito-agent"), of: image) == nil)
        #expect(ImageFile.section(".text", of: image) != nil)
        let agent = try mitoscope(["doctor"], ["MITOSCOPE_AGENT": ""]).lines[2]
        #expect(agent.hasPrefix("yes  image       mito-agent, "))
    }

    @Test func `no head of a file is trusted`() {
        let whole = elf(sections: [(EmbeddedImage.section(of: "mito-agent"), [7, 8, 9])])
        for length in 0..<whole.count - 64 {
            #expect(ImageFile.section(EmbeddedImage.section(of: "mito-agent"), of: whole.prefix(length)) == nil)
        }
        for place in 0..<whole.count {
            var torn = whole
            torn[place] = 0xFF
            _ = ImageFile.section(EmbeddedImage.section(of: "mito-agent"), of: torn)
        }
    }

    /// An ELF file of nothing but sections: the head, what they hold, their names, and the table of them.
    private func elf(sections: [(name: String, bytes: [UInt8])]) -> Data {
        func bytes(_ number: some FixedWidthInteger) -> [UInt8] { withUnsafeBytes(of: number.littleEndian, Array.init) }
        var file: [UInt8] = [0x7F, 0x45, 0x4C, 0x46, 2, 1] + [UInt8](repeating: 0, count: 58)
        var names: [UInt8] = [0]
        var table: [UInt8] = []
        for section in sections + [(".names", [])] {
            table += bytes(UInt32(names.count)) + [UInt8](repeating: 0, count: 20) + bytes(UInt64(file.count))
            names += Array(section.name.utf8) + [0]
            file += section.bytes
            let length = section.name == ".names" ? names.count : section.bytes.count
            table += bytes(UInt64(length)) + [UInt8](repeating: 0, count: 24)
        }
        file += names
        file.replaceSubrange(40..<48, with: bytes(UInt64(file.count)))
        file.replaceSubrange(58..<60, with: bytes(UInt16(64)))
        file.replaceSubrange(60..<62, with: bytes(UInt16(sections.count + 1)))
        file.replaceSubrange(62..<64, with: bytes(UInt16(sections.count)))
        return Data(file + table)
    }
}
