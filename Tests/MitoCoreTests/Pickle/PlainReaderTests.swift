import Testing

@testable import MitoCore
@testable import mito_fuzz

/// The short cut reads nothing otherwise than the machine does.
struct PlainReaderTests {
    @Test(
        arguments: [
            .none, true, false, 0, 255, 256, 65_535, 65_536, -1, .int(-0x8000_0000), "", "héllo", .bytes([]),
            .bytes([0, 255]),
        ] as [Value])
    func `a value that holds no other needs no machine`(_ value: Value) {
        #expect(PlainReader.value(of: value.pickled().span) == value)
    }

    @Test(arguments: [.list([]), .tuple([1]), .dict([]), .secret(Text("x")), .int(.max), .float(1)] as [Value])
    func `any other value is left to the machine`(_ value: Value) throws {
        #expect(PlainReader.value(of: value.pickled().span) == nil)
        #expect(try Value(pickled: value.pickled()) == value)
    }

    @Test(arguments: ["4b", "4d 01", "4a 01 02 03", "54 05 00 00 00 'abc'", "58 01 00 00 00 ff", "54 ff ff ff ff 'a'"])
    func `a value that is cut or spoilt is left to the machine`(_ text: String) {
        #expect(PlainReader.value(of: protocol2(text).span) == nil)
    }

    @Test(arguments: 0..<8 as Range<UInt64>)
    func `whatever is taken for a plain call is the call that the machine reads`(_ seed: UInt64) throws {
        var values = ValueGenerator(seed: seed)
        var random = Random(seed: seed)
        var taken = 0
        for _ in 0..<500 {
            var request = CallRequest(random.pick(["echo", "a.b", "a.B.c"]), on: ContextID(1))
            request.arguments = (0..<random.below(5)).map { _ in values.leaf() }
            request.chain = random.oneIn(3) ? "chain" : nil
            request.timeout = random.oneIn(3) ? .seconds(5) : nil
            var payload = request.payload
            if random.oneIn(2) { payload[random.below(payload.count)] = UInt8(random.below(256)) }
            guard let plain = CallPayload(plain: payload.span) else { continue }
            taken += 1
            let read = try CallPayload(payload.span)
            #expect(plain.chain == read.chain && plain.name == read.name)
            #expect(plain.arguments == read.arguments && plain.keywords == read.keywords)
            #expect(plain.extras == read.extras)
        }
        #expect(taken > 50)
    }
}
