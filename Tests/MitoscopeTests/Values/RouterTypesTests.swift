import MitoCore
import Testing

@testable import Mitoscope

@Suite struct RouterTypesTests {
    static let same = RemoteFunction("demo.same") { (context: Context) in context }
    static let name = RemoteFunction("demo.name") { (context: Context) in
        try await context.call(BuiltInFunctions.whoami.name).description
    }
    static let count = RemoteFunction("demo.count") { (sender: Sender, numbers: [Int]) throws in
        for number in numbers { try sender.send(number) }
        sender.close()
    }

    private let town = Town(children: 2, functions: [same, name, count])
    private var web: Context { town.context(1) }

    @Test func `a context that travels there and back is the same one`() async throws {
        let named = town.router.contextByID(ContextID(2), name: "db")
        #expect(try await web.call(Self.same, named) == named)
        #expect(try await web.call(Self.same, named).name == "db")
        #expect(try await web.call(Self.same, town.context(2)).name == nil)
    }

    @Test func `a function may call a context that it was given`() async throws {
        #expect(try await web.call(Self.name, town.context(2)) == "{'id': 2, 'name': 'child2'}")
    }

    @Test func `a function may send to a sender that it was given`() async throws {
        let receiver = try await Receiver(town.router)
        async let end: Void = web.call(Self.count, receiver.sender(), [3, 1, 2])
        var numbers: [Int] = []
        for try await number in receiver.decoding(Int.self) { numbers.append(number) }
        try await end
        #expect(numbers == [3, 1, 2])
    }

    @Test func `a context of another tree is refused before anything is sent`() async throws {
        let stranger = Town(children: 1, functions: []).context(1)
        let error = await #expect(throws: MitoscopeError.self) { try await web.call(Self.same, stranger) }
        #expect(error?.message == "argument 1 of demo.same: context 1 belongs to another router")
        #expect(error?.code == .argument)
    }

    @Test func `there are no contexts without a router`() throws {
        #expect(throws: DecodingError.self) {
            try ValueDecoder().decode(Context.self, from: .context(.master, name: nil))
        }
        #expect(throws: DecodingError.self) {
            try ValueDecoder().decode(Sender.self, from: .sender(.master, Handle(1000)))
        }
    }
}
