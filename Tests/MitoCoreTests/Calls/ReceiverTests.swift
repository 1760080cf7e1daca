import MitoCore
import Testing

@Suite struct ReceiverTests {
    @Test func `a one-shot receiver closes with its first message`() throws {
        var family = Family.pair()
        let handle = try family.open { $0.isPersistent = false }
        family.send(to: handle, "first")
        family.send(to: handle, "second")
        #expect(family.delivered(to: handle) == ["first"])
        #expect(family.nodes[0].openHandles.isEmpty)
    }

    @Test func `a dead message closes a one-shot receiver too`() throws {
        var family = Family.pair()
        let handle = try family.open { $0.isPersistent = false }
        family.send(to: handle, "over", replyTo: .dead)
        #expect(family.delivered(to: handle) == ["over"])
        #expect(family.nodes[0].openHandles.isEmpty)
    }

    @Test func `only its respondent may send to a receiver, and the receiver stays open`() throws {
        var family = Family.pair()
        family.add("stranger")
        let handle = try family.open { $0.respondent = ContextID(1) }
        let reply = family.at(2) { $0.openReceiver(at: $1) }
        family.send(to: handle, "forged", from: 2, replyTo: reply)
        #expect(family.delivered(to: reply, at: 2) == ["reply from unexpected context"])
        family.send(to: handle, "meant")
        #expect(family.delivered(to: handle) == ["meant"])
    }

    @Test func `anybody may end a wait with a dead message, whoever the respondent is`() throws {
        var family = Family.pair()
        family.add("stranger")
        let handle = try family.open { $0.respondent = ContextID(1) }
        family.send(to: handle, "over", from: 2, replyTo: .dead)
        #expect(family.delivered(to: handle) == ["over"])
    }

    @Test(arguments: [true, false])
    func `the loss of its respondent closes a receiver with a dead message`(isPersistent: Bool) throws {
        var family = Family.pair()
        let handle = try family.open {
            $0.respondent = ContextID(1)
            $0.isPersistent = isPersistent
        }
        family.lose(1)
        #expect(family.delivered(to: handle) == ["the respondent Context has disconnected"])
        #expect(family.nodes[0].openHandles.isEmpty)
    }

    @Test func `what a policy refuses is answered and the receiver stays open`() throws {
        var family = Family.pair()
        let handle = try family.open { $0.policy = .custom { _, _ in false } }
        let reply = family.at(1) { $0.openReceiver(at: $1) }
        family.send(to: handle, "no", replyTo: reply)
        #expect(family.delivered(to: reply, at: 1) == ["refused by policy"])
        #expect(family.delivered(to: handle) == [])
        #expect(family.nodes[0].openHandles == [handle])
    }

    @Test func `a policy applies to dead messages`() throws {
        var family = Family.pair()
        let handle = try family.open { $0.policy = .parentAuthority }
        family.send(to: handle, "over", replyTo: .dead)
        #expect(family.delivered(to: handle) == [])
    }

    @Test func `parent authority is one's own or an ancestor's`() throws {
        var family = Family.pair()
        family.add("sibling")
        let handle = try family.open(at: 1) { $0.policy = .parentAuthority }
        family.send(to: handle, of: 1, "from above", from: 0)
        family.send(to: handle, of: 1, "from beside", from: 2)
        family.send(to: handle, of: 1, "from within", from: 1)
        #expect(family.delivered(to: handle, at: 1) == ["from above", "from within"])
    }

    @Test func `an immediate child's policy lets direct neighbours through only`() throws {
        var family = Family.pair()
        let grandchild = family.add("below", below: 1)
        let handle = try family.open { $0.policy = .immediateChild }
        family.send(to: handle, "child", from: 1)
        family.send(to: handle, "grandchild", from: grandchild)
        family.send(to: handle, "within", from: 0)
        #expect(family.delivered(to: handle) == ["child"])
    }

    @Test func `a custom policy sees who sends and on whose authority`() throws {
        var family = Family.pair()
        family.add("stranger")
        let handle = try family.open {
            $0.policy = .custom { source, authority in source == ContextID(1) && authority == source }
        }
        family.send(to: handle, "child", from: 1)
        family.send(to: handle, "stranger", from: 2)
        #expect(family.delivered(to: handle) == ["child"])
    }

    @Test func `a handle may be chosen once at a time`() throws {
        var family = Family.pair()
        let handle = try family.open { $0.handle = Handle(123) }
        #expect(handle == Handle(123))
        #expect(throws: HandleError.exists(handle)) { try family.open { $0.handle = handle } }
        let isClosed = family.at(0) { $0.closeReceiver(handle, at: $1) }
        #expect(isClosed)
        #expect(try family.open { $0.handle = handle } == handle)
        family.send(to: handle, "here")
        #expect(family.delivered(to: handle) == ["here"])
    }

    @Test(arguments: [0, 999, 1000, UInt32.max])
    func `some numbers are not a program's to choose`(number: UInt32) {
        var family = Family.pair()
        #expect(throws: HandleError.reserved(Handle(number))) { try family.open { $0.handle = Handle(number) } }
    }

    @Test func `a handle that the context serves itself is taken`() {
        var family = Family.pair()
        #expect(throws: HandleError.exists(.addRoute)) { try family.open { $0.handle = .addRoute } }
        #expect(throws: HandleError.exists(.callFunction)) { try family.open(at: 1) { $0.handle = .callFunction } }
    }

    @Test func `a root may take calls on a receiver of its own`() throws {
        var family = Family.pair()
        let handle = try family.open { $0.handle = .callFunction }
        family.send(to: handle, "a call")
        #expect(family.delivered(to: handle) == ["a call"])
    }

    @Test func `closing what is not open does nothing`() {
        var family = Family.pair()
        let isClosed = family.at(0) { $0.closeReceiver(Handle(1234), at: $1) }
        #expect(!isClosed)
    }

    @Test func `every receiver gets a dead message when its node ends`() throws {
        var family = Family.pair()
        let handles = try [family.open { _ in }, family.open { $0.isPersistent = false }]
        family.at(0) { $0.shutdown(at: $1) }
        for handle in handles { #expect(family.delivered(to: handle) == ["Broker has exitted"]) }
        #expect(family.nodes[0].openHandles.isEmpty)
    }

    @Test func `a receiver opened after the end closes at once`() throws {
        var family = Family()
        family.at(0) { $0.shutdown(at: $1) }
        let handle = try family.open { _ in }
        #expect(family.delivered(to: handle) == ["Broker has exitted"])
        #expect(family.nodes[0].openHandles.isEmpty)
    }
}

extension Family {
    @discardableResult
    fileprivate mutating func open(
        at node: Int = 0, _ fill: (inout HandleOpening) -> Void
    ) throws(HandleError) -> Handle {
        var opening = HandleOpening()
        fill(&opening)
        let result = at(node) { node, now in
            Result { () throws(HandleError) in try node.openReceiver(opening, at: now) }
        }
        return try result.get()
    }

    fileprivate mutating func send(
        to handle: Handle, of destination: Int = 0, _ text: String, from node: Int = 1, replyTo: Handle = .none
    ) {
        let message = Message(
            to: id(destination), handle: handle, replyTo: replyTo, payload: Array(text.utf8))
        at(node) { $0.send(message, at: $1) }
    }

    /// What came in on a receiver, as text.
    fileprivate func delivered(to handle: Handle, at node: Int = 0) -> [String] {
        orders.compactMap { place, order in
            guard place == node, case .deliver(handle, let message) = order else { return nil }
            return String(decoding: message.payload, as: UTF8.self)
        }
    }
}
