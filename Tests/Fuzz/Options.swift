import Glibc

/// What the command line asks for.
struct Options {
    var cases = 1_000_000
    var seed: UInt64 = 1
    var first = 0

    init(_ arguments: ArraySlice<String>) {
        var rest = arguments
        while let name = rest.popFirst() {
            guard let word = rest.popFirst(), let number = Int(word), number >= 0 else { Self.explain() }
            switch name {
            case "--cases": cases = number
            case "--seed": seed = UInt64(number)
            case "--first": first = number
            default: Self.explain()
            }
        }
    }

    private static func explain() -> Never {
        fail("usage: mito-fuzz [--cases N] [--seed N] [--first N]", status: 64)
    }
}

/// Ends the program with a word on standard error.
func fail(_ why: String, status: Int32 = 1) -> Never {
    let line = Array((why + "\n").utf8)
    _ = write(STDERR_FILENO, line, line.count)
    exit(status)
}
