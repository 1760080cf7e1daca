import CMitoLinux

/// A pipe; both ends are close-on-exec and neither is 0, 1 or 2.
public struct Pipe: ~Copyable {
    /// What was written to `input` is read here.
    public let output: FileDescriptor
    /// Written to by whoever has something to say.
    public let input: FileDescriptor

    public init() throws(SystemError) {
        var ends: [Int32] = [-1, -1]
        try system("pipe2") { mito_pipe(&ends) }
        let first = FileDescriptor(owning: ends[0])
        let second = FileDescriptor(owning: ends[1])
        let output = try first.movedAboveStdio()
        let input = try second.movedAboveStdio()
        self.output = output
        self.input = input
    }

    /// The end to read from alone; nobody here holds the other one any more.
    public consuming func closingInput() -> FileDescriptor { output }
}
