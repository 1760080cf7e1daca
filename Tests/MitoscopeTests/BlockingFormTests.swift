import Foundation
import MitoCore
import Mitoscope
import Testing

/// Whatever can be waited for can be waited for by a thread that may block.
@Suite struct BlockingFormTests {
    @Test func `a thread starts, calls and ends contexts`() async throws {
        let seen = try await onThread { () throws(MitoscopeError) in
            let router = Router(world: PumpWorld())
            let web = try router.local(name: "web")
            let other = try router.connect(ConnectRequest(name: "other"), via: web)
            let typed = RemoteFunction("echo") { (text: String) in text }
            let chain = try CallChain(on: other)
            let seen: [Value] = [
                try web.call("echo", ["by name"]), try web.call(BuiltInFunctions.add, [1, 2]),
                .text(Text(try web.call(typed, "typed"))), .int(Int64(try web.call("echo", [4], as: Int.self))),
                try chain.call("echo", ["chained"]), try web.callAsync("echo", ["later"]).get(),
            ]
            let recording = try router.flightRecording(of: web)
            #expect(recording.context == web.id)
            _ = try router.allocateID()
            try other.shutdown()
            #expect(try web.shutdownAsync().get() == .none)
            #expect(try web.disconnect.get() == .lost(web))
            try router.shutdown()
            return seen
        }
        #expect(seen == ["by name", 3, "typed", 4, "chained", "later"])
    }

    @Test func `a thread sends and receives`() async throws {
        let seen = try await onThread { () throws(MitoscopeError) in
            let router = Router(world: PumpWorld())
            let receiver = try Receiver(router)
            try receiver.sender().send("sent")
            let handle = try router.addHandler { try $0.reply("answered") }
            let answer = try router.myself.sendAwait(.value(.none), to: handle).value()
            try router.removeHandler(handle)
            let latch = Latch<Value>()
            try latch.put("latched")
            return [try receiver.get().value(), answer, try latch.get()]
        }
        #expect(seen == ["sent", "answered", "latched"])
    }

    @Test func `a thread selects`() async throws {
        let seen = try await onThread { () throws(MitoscopeError) in
            let web = try Router(world: PumpWorld()).local()
            let calls = (1...4).map { web.callAsync("echo", [.int($0)]) }
            let select = Select(Array(calls.prefix(3)))
            var seen = [try select.get(), try select.getEvent().item]
            while let event = try select.nextEvent() { seen.append(event.item) }
            return seen + (try Select.all([calls[3]]))
        }
        #expect(seen == [1, 2, 3, 4])
    }

    @Test func `a thread is one end of a channel`() async throws {
        let seen = try await onThread { () throws(MitoscopeError) in
            let channel = try Channel(Router(world: PumpWorld()))
            let other = try Channel(answering: channel.invitation)
            try channel.send("there")
            try other.send("back")
            return [try other.get(), try channel.get()]
        }
        #expect(seen == ["there", "back"])
    }

    @Test func `a thread has code run on the loop`() async throws {
        let world = PumpWorld()
        let sum = try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread { continuation.resume(with: Result { try world.run { 40 + 2 } }) }
        }
        #expect(sum == 42)
    }
}
