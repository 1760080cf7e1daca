import MitoCore
import Testing

@testable import mito_fuzz

/// What is written is the plainest form, and is read back as it was.
struct PickleWriterTests {
    @Test(arguments: [
        (Value.none, "4e"), (true, "88"), (false, "89"), (0, "4b 00"), (255, "4b ff"), (256, "4d 00 01"),
        (65536, "4a 00 00 01 00"), (-1, "4a ff ff ff ff"), (.int(0x8000_0000), "8a 05 00 00 00 80 00"),
        (.int(.min), "8a 08 00 00 00 00 00 00 00 80"), (.float(2.5), "47 40 04 00 00 00 00 00 00"),
        (.bytes([0xFF]), "54 01 00 00 00 ff"), ("é", "58 02 00 00 00 c3 a9"), (.list([]), "5d"),
        (.list([1]), "5d 28 4b 01 65"), (.tuple([]), "29"), (.tuple([1]), "4b 01 85"),
        (.tuple([1, 2]), "4b 01 4b 02 86"),
        (.tuple([1, 2, 3]), "4b 01 4b 02 4b 03 87"), (.tuple([1, 2, 3, 4]), "28 4b 01 4b 02 4b 03 4b 04 74"),
        (.dict([]), "7d"), (.dict([.init("a", 1)]), "7d 28 58 01 00 00 00 'a' 4b 01 75"),
        (.keywords([]), "'cmitogen.core\\nKwargs\\n' 7d 85 52"),
        (.blob([1]), "'cmitogen.core\\nBlob\\n' 54 01 00 00 00 01 85 52"),
        (.secret(Text("p")), "'cmitogen.core\\nSecret\\n' 58 01 00 00 00 'p' 85 52"),
        (.callError("e"), "'cmitogen.core\\n_unpickle_call_error\\n' 58 01 00 00 00 'e' 85 52"),
        (.context(ContextID(7), name: nil), "'cmitogen.core\\n_unpickle_context\\n' 4b 07 4e 86 52"),
        (
            .sender(ContextID(.max), Handle(1000)),
            "'cmitogen.core\\n_unpickle_sender\\n' 8a 05 ff ff ff ff 00 4d e8 03 86 52"
        ),
    ])
    func `every value has one form`(_ value: Value, _ text: String) {
        #expect(value.pickled() == protocol2(text))
    }

    @Test func `an integer longer than 255 bytes has its length in four`() throws {
        let value = Value.bigInt([UInt8](repeating: 1, count: 300))
        #expect(value.pickled().starts(with: pickle("80 02 8b 2c 01 00 00 01")))
        #expect(try Value(pickled: value.pickled()) == value)
    }

    @Test func `an integer in a longer form than it needs is written in the shortest`() {
        #expect(Value.bigInt([5, 0, 0, 0, 0, 0, 0, 0, 0, 0]).pickled() == protocol2("8a 01 05"))
    }

    @Test func `several values are one payload`() {
        #expect(Value.pickled([1, .none]) == protocol2("4b 01") + protocol2("4e"))
        var bytes: [UInt8] = [9]
        Value.none.pickle(into: &bytes)
        #expect(bytes == [9] + protocol2("4e"))
    }

    @Test func `a value far deeper than a reader takes is written without a deep stack`() {
        var value: Value = .none
        for _ in 0..<5_000 { value = .list([value]) }
        #expect(value.pickled().count == 3 + 1 + 5_000 * 3)
    }

    @Test func `generated values come back as they were`() throws {
        var generator = ValueGenerator(seed: 5)
        for _ in 0..<2_000 {
            let value = generator.value()
            #expect(try Value(pickled: value.pickled()) == value)
        }
    }
}
