/// What a caller says behind the six elements of its call: a dict, pickled by itself.
///
/// The original takes the first pickle of a payload and looks at no other, so that its functions never see this. What
/// is not understood is passed over: the call itself is all there.
struct CallExtras: Hashable, Sendable {
    /// How long the caller still waits. It is a length of time, as no two contexts share a clock; what the call's way
    /// takes is not counted, so that a callee never gives up before its caller.
    var timeout: Duration?

    init(timeout: Duration?) { self.timeout = timeout }

    /// What the bytes behind a call say; nothing when they are no pickle.
    init(pickled bytes: [UInt8]) {
        if let value = try? Value(pickled: bytes) { self.init(value) } else { self.init(timeout: nil) }
    }

    init(_ value: Value) {
        guard case .int(let nanoseconds) = value[key: Self.timeoutKey] else { return }
        timeout = max(.zero, .nanoseconds(nanoseconds))
    }

    /// Nil when there is nothing to say.
    var value: Value? { timeout.map { .dict([.init(.text(Self.timeoutKey), .int($0.nanoseconds))]) } }

    private static let timeoutKey = "timeout"
}
