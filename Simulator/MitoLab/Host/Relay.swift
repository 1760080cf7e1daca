import MitoLinux

/// The stream between a program and its caller, copied both ways by the host.
///
/// The program does not hold the TCP stream itself: where a process ends with bytes unread, TCP throws away what it had
/// sent but was not read yet, and its last words would be lost.
final class Relay {
    private let caller: FileDescriptor
    /// Our end of the program's stream.
    private var program: Shared<FileDescriptor>?
    private var up = StreamBuffer()
    private var down = StreamBuffer()
    private var hasToldCaller = false
    private var hasToldProgram = false

    /// Takes over both.
    init(caller: consuming FileDescriptor, program: consuming FileDescriptor) {
        self.caller = caller
        self.program = Shared(program)
    }

    func watch(with poller: PollPoller, caller first: UInt64, program second: UInt64) throws(SystemError) {
        guard let program else { return }
        // Poll tells of a lost peer even where nobody asked, again and again: who wants nothing is not watched.
        let (reads, writes) = (down.wantsBytes, up.hasBytes)
        if reads || writes { try poller.add(caller.number, token: first, reads: reads, writes: writes) }
        let (hears, speaks) = (up.wantsBytes, down.hasBytes)
        if hears || speaks {
            try poller.add(program.number, token: second, reads: hears, writes: speaks)
        }
    }

    /// Moves what can be moved.
    func move(_ buffer: inout [UInt8]) {
        guard let program else { return }
        if down.wantsBytes { down.read(from: caller, &buffer) }
        if up.wantsBytes { up.read(from: program.value, &buffer) }
        up.write(to: caller)
        down.write(to: program.value)
        if up.isDone, !hasToldCaller {
            hasToldCaller = true
            FileDescriptor.endWriting(caller.number)
        }
        if down.isDone, !hasToldProgram {
            hasToldProgram = true
            FileDescriptor.endWriting(program.number)
        }
        // Nobody reads what the program says: it is told so by a stream that is closed on it.
        if up.isBroken { self.program = nil }
    }
}
