/// Where each instruction of a valid pickle starts and ends.
enum PickleInstructions {
    static func ranges(in pickle: [UInt8]) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        var place = 0
        while place < pickle.count {
            let end = min(place + size(pickle, at: place), pickle.count)
            ranges.append(place..<end)
            place = end
        }
        return ranges
    }

    private static func size(_ pickle: [UInt8], at place: Int) -> Int {
        func word(_ count: Int) -> Int {
            let bytes = pickle.dropFirst(place + 1).prefix(count)
            return bytes.reversed().reduce(0) { $0 << 8 | Int($1) }
        }
        func line(after start: Int) -> Int { (pickle[start...].firstIndex(of: 0x0A) ?? pickle.count - 1) + 1 }
        switch pickle[place] {
        case 0x80, 0x4B, 0x71, 0x68: return 2
        case 0x4D: return 3
        case 0x4A, 0x72, 0x6A: return 5
        case 0x47: return 9
        case 0x8A, 0x55: return 2 + word(1)
        case 0x8B, 0x58, 0x54: return 5 + word(4)
        case 0x49: return line(after: place) - place
        case 0x63: return line(after: min(line(after: place), pickle.count - 1)) - place
        default: return 1
        }
    }
}
