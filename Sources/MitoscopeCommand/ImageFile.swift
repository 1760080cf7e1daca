import Foundation

/// What the head of a program's file says of it: for which machine it is, and how much of it is needed there.
///
/// ```swift
/// let image = try ImageFile(path: "/usr/bin/mito-agent")
/// print(image.architecture, image.bytes, image.loadedBytes)
/// ```
struct ImageFile: Hashable {
    /// The whole file.
    var bytes: Int
    /// What a process has of it in memory: the rest is symbols, which need not be sent anywhere.
    var loadedBytes: Int
    /// `x86-64`, `aarch64` …
    var architecture: String

    init(path: String) throws(Failure) {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw Failure(description: "\(path): cannot be read")
        }
        guard let image = ImageFile(data) else { throw Failure(description: "\(path): no program for 64-bit Linux") }
        self = image
    }

    /// Nil for what is no whole ELF file of 64 bits with the least byte first.
    init?(_ data: Data) {
        guard data.starts(with: Self.magic), let machine = data.number(at: 18, bytes: 2),
            let table = data.number(at: 32, bytes: 8), let entry = data.number(at: 54, bytes: 2), entry >= 56,
            let count = data.number(at: 56, bytes: 2)
        else { return nil }
        loadedBytes = 0
        for place in 0..<count {
            let (offset, isTooLarge) = table.addingReportingOverflow(place * entry)
            guard !isTooLarge, let kind = data.number(at: offset, bytes: 4),
                let length = data.number(at: offset, plus: 32, bytes: 8), length <= data.count,
                offset <= data.count - entry
            else { return nil }
            if kind == Self.loaded { loadedBytes += length }
        }
        bytes = data.count
        architecture = Self.machines[machine] ?? "machine \(machine)"
    }

    /// What is in the section of this name; nil when the file has none, or is no whole ELF file of 64 bits.
    static func section(_ name: String, of data: Data) -> Data? {
        guard data.starts(with: magic), let table = data.number(at: 40, bytes: 8),
            let entry = data.number(at: 58, bytes: 2), entry >= 64, let count = data.number(at: 60, bytes: 2),
            let names = data.number(at: 62, bytes: 2), names < count
        else { return nil }
        func part(_ number: Int) -> Data? {
            let (offset, isTooLarge) = table.addingReportingOverflow(number * entry)
            guard !isTooLarge, let start = data.number(at: offset, plus: 24, bytes: 8),
                let length = data.number(at: offset, plus: 32, bytes: 8), start <= data.count,
                length <= data.count - start
            else { return nil }
            return data.dropFirst(start).prefix(length)
        }
        guard let words = part(names) else { return nil }
        for number in 0..<count {
            let (offset, isTooLarge) = table.addingReportingOverflow(number * entry)
            guard !isTooLarge, let place = data.number(at: offset, bytes: 4), place < words.count else { return nil }
            if words.dropFirst(place).prefix(while: { $0 != 0 }).elementsEqual(name.utf8) { return part(number) }
        }
        return nil
    }

    /// Why a file is no image.
    struct Failure: Error, Hashable, CustomStringConvertible {
        var description: String
    }

    private static let magic: [UInt8] = [0x7F, 0x45, 0x4C, 0x46, 2, 1]
    private static let machines = [62: "x86-64", 183: "aarch64", 243: "riscv64", 258: "loongarch64"]
    private static let loaded = 1
}

extension Data {
    /// The number at a place, its least byte first; nil past the end, and for one that nobody can count to.
    fileprivate func number(at place: Int, plus more: Int = 0, bytes: Int) -> Int? {
        guard place >= 0, place <= count - more - bytes else { return nil }
        let start = startIndex + place + more
        let number = self[start..<start + bytes].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return Int(exactly: number)
    }
}
