import MitoCore
import Testing

/// What Python writes is read as what Python meant.
struct PickleReaderTests {
    // MARK: The original's own bytes

    @Test(arguments: [
        (
            "'cmitogen.core\\n_unpickle_call_error\\n' 71 00 58 04 00 00 00 'boom' 71 01 85 71 02 52 71 03",
            Value.callError("boom")
        ),
        (
            "'cmitogen.core\\n_unpickle_context\\n' 71 00 4d d2 04 58 02 00 00 00 'nm' 71 01 86 71 02 52 71 03",
            .context(ContextID(1234), name: Text("nm"))
        ),
        (
            "'cmitogen.core\\n_unpickle_context\\n' 71 00 4a 70 11 01 00 4e 86 71 01 52 71 02",
            .context(ContextID(70000), name: nil)
        ),
        (
            "'cmitogen.core\\n_unpickle_sender\\n' 71 00 4d d2 04 4d 5c 11 86 71 01 52 71 02",
            .sender(ContextID(1234), Handle(4444))
        ),
        ("'cmitogen.core\\nKwargs\\n' 71 00 7d 71 01 85 71 02 52 71 03", .keywords([])),
        (
            "'cmitogen.core\\nBlob\\n' 71 00 'c_codecs\\nencode\\n' 71 01 58 02 00 00 00 'xy' 71 02"
                + " 58 06 00 00 00 'latin1' 71 03 86 71 04 52 71 05 85 71 06 52 71 07",
            .blob(Array("xy".utf8))
        ),
        (
            "'cmitogen.core\\nSecret\\n' 71 00 58 02 00 00 00 'pw' 71 01 85 71 02 52 71 03",
            .secret(Text("pw"))
        ),
        ("54 03 00 00 00 'abc'", .bytes(Array("abc".utf8))),
        ("5d 71 00 'c__builtin__\\nbytes\\n' 71 01 29 52 71 02 61", .list([.bytes([])])),
    ])
    func `the golden pickles of Python 3 are read`(_ text: String, _ value: Value) throws {
        #expect(try Value(pickled: protocol2(text)) == value)
    }

    @Test func `a call of Python's is read`() throws {
        let payload = pickle(
            """
            80 02 28 4e 58 02 00 00 00 'os' 71 00 4e 58 06 00 00 00 'getpid' 71 01 29 'cmitogen.core\\nKwargs\\n' \
            71 02 7d 71 03 85 71 04 52 71 05 74 71 06 2e
            """)
        #expect(payload.count == 0x40)
        #expect(try Value(pickled: payload) == .tuple([.none, "os", .none, "getpid", .tuple([]), .keywords([])]))
    }

    // MARK: Every instruction

    @Test(arguments: [
        ("4e", Value.none), ("88", true), ("89", false),
        ("'I01\\n'", true), ("'I00\\n'", false), ("'I-17\\n'", -17), ("'I9223372036854775807\\n'", .int(.max)),
        ("'I-9223372036854775808\\n'", .int(.min)),
        ("4b ff", 255), ("4d ff ff", 65535), ("4a ff ff ff ff", -1), ("4a 00 00 00 80", -0x8000_0000),
        ("8a 00", 0), ("8a 01 80", -128), ("8a 05 00 00 00 00 01", 0x1_0000_0000), ("8a 03 00 00 00", 0),
        ("8b 02 00 00 00 00 80", -32768),
        ("8a 09 ff ff ff ff ff ff ff ff 00", .bigInt([255, 255, 255, 255, 255, 255, 255, 255, 0])),
        ("47 40 04 00 00 00 00 00 00", .float(2.5)), ("47 80 00 00 00 00 00 00 00", .float(-0.0)),
        ("58 02 00 00 00 c3 a9", "é"), ("55 02 'hi'", .bytes(Array("hi".utf8))), ("54 01 00 00 00 ff", .bytes([255])),
        ("5d", .list([])), ("5d 4b 01 61", .list([1])), ("5d 28 4b 01 4b 02 65", .list([1, 2])),
        ("5d 28 65", .list([])),
        ("7d", .dict([])), ("7d 4b 01 4e 73", .dict([.init(1, .none)])),
        ("7d 28 4b 01 4e 4b 02 88 75", .dict([.init(1, .none), .init(2, true)])), ("7d 28 75", .dict([])),
        ("29", .tuple([])), ("4e 85", .tuple([.none])), ("4e 88 86", .tuple([.none, true])),
        ("4e 88 89 87", .tuple([.none, true, false])), ("28 4e 4e 4e 4e 74", .tuple([.none, .none, .none, .none])),
        ("28 74", .tuple([])), ("4b 07 4e 30", 7), ("4b 07 28 4e 4e 31", 7), ("4b 07 28 30", 7),
        ("4b 07 71 03 30 68 03", 7), ("4b 07 72 03 00 00 00 30 6a 03 00 00 00", 7),
    ])
    func `every instruction does its work`(_ text: String, _ value: Value) throws {
        #expect(try Value(pickled: protocol2(text)) == value)
    }

    @Test func `text keeps lone surrogates, and bytes above 127 come out of latin1`() throws {
        #expect(try Value(pickled: protocol2("58 03 00 00 00 ed a0 80")) == .text(Text(utf8: [0xED, 0xA0, 0x80])))
        let latin1 = protocol2("'c_codecs\\nencode\\n' 58 03 00 00 00 c3 bf 'a' 58 06 00 00 00 'latin1' 86 52")
        #expect(try Value(pickled: latin1) == .bytes([0xFF, 0x61]))
    }

    @Test func `integers of any size are read from digits`() throws {
        let value = try Value(pickled: protocol2("'I-340282366920938463463374607431768211456\\n'"))
        #expect(value.description == "-340282366920938463463374607431768211456")
    }

    @Test func `the keywords of Python 2 become text`() throws {
        let value = try Value(pickled: protocol2("'cmitogen.core\\nKwargs\\n' 7d 55 01 'k' 4b 01 73 85 52"))
        #expect(value == .keywords([.init("k", 1)]))
    }

    @Test func `a key that comes again keeps its place and takes the new value`() throws {
        let value = try Value(pickled: protocol2("7d 28 4b 01 4b 0a 4b 02 4b 0b 4b 01 4b 0c 75"))
        #expect(value == .dict([.init(1, 12), .init(2, 11)]))
    }

    // MARK: Several pickles, one memo

    @Test func `a later pickle fetches what an earlier one memoised`() throws {
        var reader = PickleReader(protocol2("58 01 00 00 00 'a' 71 00") + protocol2("68 00 85"))
        #expect(try reader.next() == "a")
        #expect(try reader.next() == .tuple(["a"]))
        #expect(try reader.next() == nil)
    }

    @Test func `a list reached twice while it is filled is one list`() throws {
        #expect(try Value(pickled: protocol2("5d 71 00 68 00 4b 01 61 30 4b 02 61")) == .list([1, 2]))
    }

    @Test func `a finished list may stand in many places`() throws {
        let value = try Value(pickled: protocol2("5d 71 00 4b 01 61 68 00 68 00 87"))
        #expect(value == .tuple([.list([1]), .list([1]), .list([1])]))
    }

    @Test func `after an error nothing more is read`() throws {
        var reader = PickleReader(protocol2("ff") + protocol2("4e"))
        #expect(throws: PickleError.self) { try reader.next() }
        #expect(try reader.next() == nil)
    }
}
