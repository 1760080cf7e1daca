import Foundation
import MitoCore
import Testing

/// What is wrong, forged or made to hurt is refused with a reason, at the instruction where it shows.
struct PickleRefusalTests {
    private func refusal(_ payload: [UInt8], limits: PickleReader.Limits? = nil) -> PickleError? {
        var reader = PickleReader(payload, limits: limits ?? .init(payloadBytes: payload.count))
        do throws(PickleError) {
            while try reader.next() != nil {}
            return nil
        } catch {
            return error
        }
    }

    // MARK: Malformed

    @Test(arguments: [
        ("80 02", PickleError.Reason.truncated, 2), ("80 03 2e", .notProtocol2, 0), ("4e 2e", .notProtocol2, 0),
        ("80 02 4e 80 02 2e", .opcode(0x80), 3), ("80 02 50 2e", .opcode(0x50), 2), ("80 02 2e", .missingValue, 2),
        ("80 02 58 ff ff ff ff 2e", .truncated, 2), ("80 02 54 ff ff ff ff 2e", .negativeLength, 2),
        ("80 02 8b 00 00 00 80 2e", .negativeLength, 2), ("80 02 58 01 00 00 00 ff 2e", .badText, 2),
        ("80 02 58 02 00 00 00 c0 80 2e", .badText, 2), ("80 02 58 04 00 00 00 f4 90 80 80 2e", .badText, 2),
        ("80 02 'I1_0\\n' 2e", .badInteger, 2), ("80 02 'I\\n' 2e", .badInteger, 2), ("80 02 74 2e", .missingMark, 2),
        ("80 02 31 2e", .missingMark, 2), ("80 02 28 85 2e", .missingValue, 3), ("80 02 4e 61 2e", .missingValue, 3),
        ("80 02 4e 4e 61 2e", .expected("a list"), 4), ("80 02 5d 4e 4e 73 2e", .expected("a dict"), 5),
        ("80 02 7d 28 4e 75 2e", .missingValue, 5), ("80 02 68 00 2e", .memo(0), 2),
        ("80 02 4e 72 ff ff ff ff 2e", .memo(0xFFFF_FFFF), 3), ("80 02 28 71 00 2e", .missingValue, 3),
        ("80 02 7d 5d 4e 73 2e", .unhashableKey, 5), ("80 02 7d 5d 85 4e 73 2e", .unhashableKey, 6),
        ("80 02 4e 29 52 2e", .expected("a name from the list"), 4), ("80 02 4e 4e 52 2e", .expected("a tuple"), 4),
    ])
    func `malformed bytes are refused where they go wrong`(
        _ text: String, _ reason: PickleError.Reason, _ offset: Int
    ) {
        #expect(refusal(pickle(text)) == PickleError(reason, at: offset))
    }

    @Test(arguments: 0..<64)
    func `a pickle cut anywhere is refused`(_ count: Int) {
        let whole = protocol2(
            "28 4e 58 02 00 00 00 'os' 71 00 7d 8a 05 00 00 00 00 01 4e 73 'cmitogen.core\\nKwargs\\n' 7d 85 52 74")
        #expect(count >= whole.count || count == 0 || refusal(Array(whole.prefix(count))) != nil)
    }

    // MARK: Forged

    @Test(arguments: [("os", "system"), ("__builtin__", "eval"), ("mitogen.core", "Router"), ("_codecs", "decode")])
    func `a name outside the list is refused in the original's words`(_ module: String, _ name: String) {
        let error = refusal(protocol2("'c\(module)\\n\(name)\\n'"))
        #expect(error.map(String.init(describing:)) == "cannot unpickle '\(module)'/'\(name)'")
    }

    @Test(arguments: [
        "'cmitogen.core\\n_unpickle_context\\n' 88 4e 86 52",
        "'cmitogen.core\\n_unpickle_context\\n' 4a ff ff ff ff 4e 86 52",
        "'cmitogen.core\\n_unpickle_context\\n' 8a 05 00 00 00 00 01 4e 86 52",
        "'cmitogen.core\\n_unpickle_context\\n' 4b 01 55 01 'n' 86 52",
        "'cmitogen.core\\n_unpickle_context\\n' 4b 01 85 52",
        "'cmitogen.core\\n_unpickle_sender\\n' 4b 01 4b 00 86 52",
        "'cmitogen.core\\n_unpickle_sender\\n' 4b 01 88 86 52",
        "'cmitogen.core\\nCallError\\n' 55 01 'n' 85 52", "'cmitogen.core\\nBlob\\n' 4b 05 85 52",
        "'cmitogen.core\\nSecret\\n' 55 01 'n' 85 52", "'cmitogen.core\\nKwargs\\n' 5d 85 52",
        "'cmitogen.core\\nKwargs\\n' 7d 4b 01 4e 73 85 52", "'c__builtin__\\nbytes\\n' 4b 05 85 52",
        "'c_codecs\\nencode\\n' 58 02 00 00 00 c4 80 85 52",
    ])
    func `arguments of the wrong type or range are an invalid message`(_ text: String) throws {
        let error = try #require(refusal(protocol2(text)))
        #expect("\(error)".hasPrefix("invalid message: "))
    }

    @Test func `lengths of names and failures are counted in characters`() {
        func context(_ count: Int) -> [UInt8] {
            Value.context(ContextID(1), name: Text(String(repeating: "é", count: count))).pickled()
        }
        #expect(refusal(context(500)) == nil)
        #expect(refusal(context(501)) != nil)
        #expect(refusal(Value.callError(String(repeating: "é", count: 9_999)).pickled()) == nil)
        #expect(refusal(Value.callError(String(repeating: "é", count: 10_000)).pickled()) != nil)
    }

    @Test func `a name is no value`() {
        #expect(refusal(protocol2("'cmitogen.core\\nBlob\\n'"))?.reason == .expected("a value, not a name"))
    }

    // MARK: Made to hurt

    @Test(arguments: [
        "5d 71 00 68 00 61", "7d 71 00 4e 68 00 73", "5d 71 00 68 00 85 61", "5d 71 00 85 30 68 00 4e 61",
    ])
    func `what holds itself, or changes after use, is refused`(_ text: String) {
        #expect(refusal(protocol2(text))?.reason == .changedAfterUse)
    }

    @Test func `depth has a limit`() {
        func nested(_ depth: Int) -> [UInt8] {
            [0x80, 2] + Array(repeating: 0x5D, count: depth) + Array(repeating: 0x61, count: depth - 1) + [0x2E]
        }
        #expect(refusal(nested(PickleReader.depthMax)) == nil)
        #expect(refusal(nested(PickleReader.depthMax + 1))?.reason == .tooDeep(max: PickleReader.depthMax))
        #expect(refusal([0x80, 2, 0x4E] + Array(repeating: 0x85, count: 100_000) + [0x2E]) != nil)
    }

    @Test func `a tuple of the same tuple twice, sixty times over, is too large`() {
        let doubled = (0..<60).map { "71 \(String($0, radix: 16)) 68 \(String($0, radix: 16)) 86" }.joined(
            separator: " ")
        guard case .tooLarge = refusal(protocol2("29 " + doubled))?.reason else { return #expect(Bool(false)) }
    }

    @Test func `a long text fetched again and again as a key is charged each time`() {
        let key = "58 \(length(1000)) '\(String(repeating: "k", count: 1000))' 71 00"
        let payload = protocol2(key + String(repeating: " 7d 68 00 4e 73 30", count: 1000))
        var limits = PickleReader.Limits(payloadBytes: 0)
        #expect(refusal(payload, limits: limits) == nil)
        limits.weightMax = 500_000
        #expect(refusal(payload, limits: limits)?.reason == .tooLarge(max: 500_000))
    }

    @Test func `digits have a limit`() {
        let digits = String(repeating: "9", count: 4300)
        #expect(refusal(protocol2("'I\(digits)\\n'")) == nil)
        #expect(refusal(protocol2("'I\(digits)9\\n'"))?.reason == .badInteger)
        #expect(refusal(protocol2("'I\(digits)99999\\n'")) != nil)
    }

    @Test func `a value at the limits is compared, hashed, printed, written and freed on a small stack`() async {
        var value: Value = .none
        for _ in 0..<(PickleReader.depthMax / 2) { value = .dict([.init("k", .list([value]))]) }
        let payload = value.pickled()
        let isSame = await onStack(bytes: 512 * 1024) {
            guard let a = try? Value(pickled: payload), let b = try? Value(pickled: payload) else { return false }
            return a == b && a.hashValue == b.hashValue && a.description == b.description && a.pickled() == payload
        }
        #expect(isSame)
    }

    private func onStack(bytes: Int, _ body: @escaping @Sendable () -> Bool) async -> Bool {
        await withCheckedContinuation { continuation in
            let thread = Thread { continuation.resume(returning: body()) }
            thread.stackSize = bytes
            thread.start()
        }
    }
}
