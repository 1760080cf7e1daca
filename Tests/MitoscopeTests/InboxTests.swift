import MitoCore
import Testing

@testable import Mitoscope

@Suite struct InboxTests {
    @Test func `an inbox that holds all it may ends with a failure and gives its room back`() {
        var inboxes = InboxTable(bytesMax: 1000)
        inboxes.open(handle)
        for number in Int64(0)..<20 { inboxes.receive(item(number), on: handle) }
        #expect(inboxes.hasEnded(handle))
        #expect(inboxes.close(handle) == .failure(.inboxFull(1000)))
        inboxes.open(other)
        inboxes.receive(item(1, on: other), on: other)
        #expect(!inboxes.hasEnded(other))
    }

    @Test func `raw bytes are an item too`() {
        var inboxes = InboxTable()
        inboxes.open(handle)
        inboxes.receive(Message(to: .master, handle: handle, encoding: .binary, payload: [1, 2]), on: handle)
        inboxes.receive(.dead("", to: .master, from: .master, handle: handle), on: handle)
        #expect(inboxes.close(handle) == .success(.list([.bytes([1, 2])])))
    }

    @Test func `a sender that ends for another reason than closing fails the reader`() {
        var inboxes = InboxTable()
        inboxes.open(handle)
        inboxes.receive(.dead("Broker has exitted", to: .master, from: .master, handle: handle), on: handle)
        #expect(inboxes.close(handle) == .failure(.channel("Broker has exitted")))
    }

    @Test func `what comes after the end is dropped`() {
        var inboxes = InboxTable()
        inboxes.open(handle)
        inboxes.receive(.dead("", to: .master, from: .master, handle: handle), on: handle)
        inboxes.receive(item(1), on: handle)
        #expect(inboxes.close(handle) == .success(.list([])))
    }

    private let handle = Handle(1000)
    private let other = Handle(1001)

    private func item(_ number: Int64, on handle: Handle = Handle(1000)) -> Message {
        Message(to: .master, handle: handle, encoding: .pickle, payload: Value.int(number).pickled())
    }
}
