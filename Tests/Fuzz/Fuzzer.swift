import MitoCore

/// Feeds spoilt input to every decoder. Each case follows from the seed and its number alone, so any can be run again.
struct Fuzzer {
    /// What happened so far.
    struct Tally: Equatable {
        var cases = 0
        /// Led past the header and through at least half of the input.
        var deep = 0
        /// Were accepted as a whole.
        var accepted = 0
        var largestInput = 0

        var deepPercent: Int { cases == 0 ? 0 : deep * 100 / cases }
        var acceptedPercent: Int { cases == 0 ? 0 : accepted * 100 / cases }
    }

    /// A decoder that does not keep its word, with the input that shows it.
    struct Broken: Error, CustomStringConvertible {
        var number: Int
        var what: String
        var input: [UInt8]

        var description: String {
            let hex = input.map { byte in
                let digits = String(byte, radix: 16)
                return digits.utf8.count == 1 ? "0" + digits : digits
            }
            return "case \(number): \(what)\n\(hex.joined())"
        }
    }

    private let seed: UInt64
    private let pickles: PickleMutator
    private let preambles: PreambleMutator
    private let frames: FrameMutator
    private let nodes = NodeTargets()
    private(set) var tally = Tally()

    init(seed: UInt64) {
        self.seed = seed
        pickles = PickleMutator(seed: seed)
        preambles = PreambleMutator(seed: seed)
        frames = FrameMutator(payloads: pickles)
    }

    /// Runs case `number`.
    mutating func run(_ number: Int) throws(Broken) {
        var random = Random(seed: seed &* 0x9E37_79B9_7F4A_7C15 ^ UInt64(number) &* 0xD1B5_4A32_D192_ED03)
        tally.cases += 1
        switch random.below(10) {
        case 0..<7: try readPickles(pickles.payload(&random), number)
        case 7: try readPreamble(preambles.text(&random), number)
        default: try feedNode(&random, number)
        }
    }

    // MARK: Pickles

    /// Reads a payload as the receiver of a message would, and counts how far that led.
    mutating func readPickles(_ payload: [UInt8], _ number: Int) throws(Broken) {
        note(payload)
        var reader = PickleReader(payload)
        do throws(PickleError) {
            var count = 0
            while try reader.next() != nil { count += 1 }
            if count > 0 {
                tally.deep += 1
                tally.accepted += 1
            }
        } catch {
            if error.offset > 2, error.offset * 2 >= payload.count { tally.deep += 1 }
        }
        // What unfolds to more than this is held and dropped, not written out.
        var limits = PickleReader.Limits(payloadBytes: payload.count)
        limits.weightMax = 1024 * 1024
        reader = PickleReader(payload, limits: limits)
        while let value = (try? reader.next()) ?? nil { try expectStable(value, payload, number) }
    }

    private func expectStable(_ value: Value, _ payload: [UInt8], _ number: Int) throws(Broken) {
        let written = value.pickled()
        guard let again = try? Value(pickled: written) else {
            throw Broken(number: number, what: "what was read and written is refused", input: payload)
        }
        guard again == value, again.pickled() == written else {
            throw Broken(number: number, what: "what was read and written reads differently", input: payload)
        }
        guard value.description(limit: 200).unicodeScalars.count <= 201 else {
            throw Broken(number: number, what: "a description is longer than its limit", input: payload)
        }
    }

    // MARK: Preambles

    private mutating func readPreamble(_ text: [UInt8], _ number: Int) throws(Broken) {
        note(text)
        if text.starts(with: "ExternalContext({".utf8), text.suffix(9).elementsEqual(").main()\n".utf8) {
            tally.deep += 1
        }
        guard let preamble = try? Preamble(text) else { return }
        tally.accepted += 1
        guard let again = try? Preamble(preamble.text()), again == preamble else {
            throw Broken(number: number, what: "a preamble that was read and written reads differently", input: text)
        }
    }

    // MARK: Frames

    private mutating func feedNode(_ random: inout Random, _ number: Int) throws(Broken) {
        let bytes = frames.stream(&random)
        note(bytes)
        let frames = FrameCount(bytes)
        if frames.whole > 0 { tally.deep += 1 }
        if frames.whole > 0, !frames.isCorrupt { tally.accepted += 1 }
        let target = random.pick(nodes.targets)
        let digests = nodes.feed(bytes, to: target, cutAt: random.below(bytes.count + 1))
        // The log of a corrupt stream quotes what had come in with the frame, which is another thing when it was cut.
        guard frames.isCorrupt || digests.whole == digests.cut else {
            throw Broken(number: number, what: "a node is in another state when its input is cut", input: bytes)
        }
    }

    private struct FrameCount {
        /// Frames that are there from the header to the end of the payload.
        var whole = 0
        var isCorrupt = false

        init(_ bytes: [UInt8]) {
            var place = 0
            do throws(FrameError) {
                while let header = try FrameHeader(bytes.span, at: place, payloadMax: Self.payloadMax) {
                    place += FrameHeader.byteCount + Int(header.length)
                    guard place <= bytes.count else { return }
                    whole += 1
                }
            } catch {
                isCorrupt = true
            }
        }

        private static let payloadMax = Node.Configuration().messageBytesMax
    }

    private mutating func note(_ input: [UInt8]) { tally.largestInput = max(tally.largestInput, input.count) }
}
