import MitoCore

/// Spoils valid pickles instruction by instruction, so that most of them still lead deep into the reader.
struct PickleMutator {
    private let pickles: [[UInt8]]
    private let ranges: [[Range<Int>]]

    init(seed: UInt64) {
        var generator = ValueGenerator(seed: seed)
        var pickles = Self.written
        while pickles.count < Self.poolSize {
            let pickle = generator.value(depth: 4).pickled()
            if pickle.count <= Self.bytesMax { pickles.append(pickle) }
        }
        self.pickles = pickles
        ranges = pickles.map(PickleInstructions.ranges)
    }

    /// One payload: a pickle with some instructions changed, seldom none.
    func payload(_ random: inout Random) -> [UInt8] {
        let place = random.below(pickles.count)
        var instructions = ranges[place].map { pickles[place][$0] }
        for _ in 0..<random.below(4) { mutate(&instructions, &random) }
        var payload: [UInt8] = []
        for instruction in instructions { payload.append(contentsOf: instruction) }
        if random.oneIn(8), !payload.isEmpty { payload[random.below(payload.count)] ^= 1 << UInt8(random.below(8)) }
        if random.oneIn(16) { payload.removeLast(random.below(payload.count + 1)) }
        if random.oneIn(16) { payload += pickles[random.below(pickles.count)] }
        return payload
    }

    private func mutate(_ instructions: inout [ArraySlice<UInt8>], _ random: inout Random) {
        guard instructions.count > 2 else { return }
        // The header and the stop stay, nearly always.
        let place = random.oneIn(50) ? random.below(instructions.count) : 1 + random.below(instructions.count - 2)
        switch random.below(8) {
        case 0: instructions.remove(at: place)
        case 1: instructions.insert(instructions[random.below(instructions.count)], at: place)
        case 2: instructions.swapAt(place, 1 + random.below(instructions.count - 2))
        case 3: instructions[place] = Self.instruction(&random)
        case 4: instructions.insert(Self.instruction(&random), at: place)
        case 5: corruptArgument(&instructions[place], &random)
        case 6: splice(into: &instructions, at: place, &random)
        default:
            // Memoise here, fetch later: what sharing and cycles are made of.
            let number = UInt8(random.below(4))
            let later = place + random.below(instructions.count - place)
            instructions.insert([0x68, number], at: later)
            instructions.insert([0x71, number], at: place)
        }
    }

    private func corruptArgument(_ instruction: inout ArraySlice<UInt8>, _ random: inout Random) {
        guard instruction.count > 1 else { return }
        let place = instruction.startIndex + 1 + random.below(instruction.count - 1)
        instruction[place] = random.pick([0, 1, 0x7F, 0x80, 0xFF, random.byte()])
    }

    private func splice(into instructions: inout [ArraySlice<UInt8>], at place: Int, _ random: inout Random) {
        let other = random.below(pickles.count)
        let parts = ranges[other].dropFirst().dropLast()
        guard !parts.isEmpty else { return }
        let start = parts.startIndex + random.below(parts.count)
        let end = min(parts.endIndex, start + 1 + random.below(12))
        instructions.insert(contentsOf: parts[start..<end].map { pickles[other][$0] }, at: place)
    }

    /// One instruction, with arguments that fit or nearly do.
    private static func instruction(_ random: inout Random) -> ArraySlice<UInt8> {
        switch random.below(6) {
        case 0: [0x71, UInt8(random.below(6))]
        case 1: [0x68, UInt8(random.below(6))]
        case 2: ArraySlice(random.pick(globals))
        case 3: ArraySlice(random.pick(leaves))
        default: [random.pick(bare)]
        }
    }

    private static let bare: [UInt8] = Array("N(]})tae0su1R.".utf8) + [0x85, 0x86, 0x87, 0x88, 0x89]
    private static let leaves: [[UInt8]] = [
        Array("K\u{7}".utf8), Array("I00\n".utf8), Array("I-12345678901234567890123\n".utf8), [0x8A, 2, 0, 0x80],
        [0x58, 1, 0, 0, 0, 0x61], [0x55, 1, 0xFF], [0x54, 0, 0, 0, 0], [0x8B, 0xFF, 0xFF, 0xFF, 0x7F],
        [0x58, 0xFF, 0xFF, 0xFF, 0xFF], [0x72, 0xFF, 0xFF, 0xFF, 0x7F], [0x47, 0x7F, 0xF8, 0, 0, 0, 0, 0, 1],
    ]
    private static let globals: [[UInt8]] = [
        "cmitogen.core\n_unpickle_call_error\n", "cmitogen.core\nCallError\n", "cmitogen.core\n_unpickle_context\n",
        "cmitogen.core\n_unpickle_sender\n", "cmitogen.core\nBlob\n", "cmitogen.core\nSecret\n",
        "cmitogen.core\nKwargs\n", "c_codecs\nencode\n", "c__builtin__\nbytes\n", "cos\nsystem\n",
    ].map { Array($0.utf8) }

    /// The forms of Python 2 and 3 that our own writer has no use for.
    private static let written: [[UInt8]] = [
        "]q\u{0}(K\u{1}h\u{0}e", "}q\u{0}(K\u{1}h\u{0}u", "](]q\u{1}h\u{1}h\u{1}e",
        ")q\u{0}h\u{0}\u{86}q\u{1}h\u{1}\u{86}",
        "cmitogen.core\nBlob\nq\u{0}c_codecs\nencode\nq\u{1}X\u{2}\u{0}\u{0}\u{0}xyq\u{2}"
            + "X\u{6}\u{0}\u{0}\u{0}latin1q\u{3}\u{86}Rq\u{5}\u{85}R",
        "]q\u{0}c__builtin__\nbytes\nq\u{1})Ra", "(U\u{2}hiT\u{2}\u{0}\u{0}\u{0}hiI123456789012\nI01\nt",
        "cmitogen.core\nKwargs\n}U\u{1}kK\u{1}s\u{85}R", "(K\u{1}K\u{2}1K\u{3}0N",
    ].map { text in [0x80, 2] + text.unicodeScalars.map { UInt8($0.value) } + [0x2E] }

    private static let poolSize = 3000
    private static let bytesMax = 400
}
