import CMitoLinux

/// Rings when SIGUSR1 comes to this process: somebody outside wants to know what it is doing.
///
/// One at a time in a process: a second one takes the signal over. When it is gone the signal does nothing, so that
/// whoever sends it late ends nobody.
public final class RequestBell: Sendable {
    private let bell: WakeUp

    /// Catches the signal from now on.
    public init() throws(SystemError) {
        let bell = try WakeUp()
        let number = bell.number
        try system("sigaction") { mito_ring_on_request(number) }
        self.bell = bell
    }

    deinit { _ = mito_ring_on_request(-1) }

    /// Readable when the signal has come.
    public var number: Int32 { bell.number }

    /// Silences the bell.
    public func clear() { bell.clear() }
}
