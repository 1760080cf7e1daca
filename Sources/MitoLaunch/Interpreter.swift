import MitoCore

/// The program that becomes a context, and the arguments that Mitogen gives a Python interpreter.
///
/// A context image is started exactly as Python would be: `-c`, a decoder, a blob, the remote name and the length of
/// the preamble. An image reads only the last one. So a Python parent, a Python child and our own all look the same.
struct Interpreter {
    let program: String
    /// What precedes `-c`, the program's own name left out.
    let prefix: [String]

    /// `python_path` (text, or a list of texts) when given, else `image`.
    init(_ options: [Value.Pair], image: String?) throws(LaunchError) {
        let error = LaunchError.badOption(name: "python_path", wanted: "text or a non-empty list of texts")
        switch options.last(where: { $0.key == "python_path" })?.value {
        case nil, Value.none?:
            guard let image else { throw .noImage }
            program = image
            prefix = []
        case .text(let text)?:
            program = text.string
            prefix = []
        case .list(let words)?, .tuple(let words)?:
            var strings: [String] = []
            for word in words {
                guard case .text(let text) = word else { throw error }
                strings.append(text.string)
            }
            guard let first = strings.first else { throw error }
            program = first
            prefix = Array(strings.dropFirst())
        default:
            throw error
        }
        // A zero byte would end the word early for the kernel.
        guard !program.isEmpty, !([program] + prefix).contains(where: { $0.utf8.contains(0) }) else { throw error }
    }

    /// A program that runs another, such as `env` or `taskset`, needs its own name first; a context shows what it is.
    func arguments(remoteName: RemoteName, preambleLength: Int) -> [String] {
        let name = prefix.isEmpty ? "mitogen:\(remoteName.text)" : program
        return [name] + prefix + ["-c", Self.decoder, Self.blob, remoteName.text, "\(preambleLength)"]
    }

    /// A real Python would run this: it says what is wrong instead of waiting for a program that never comes.
    static let decoder = "raise SystemExit('a Mitoscope context image was expected, not Python')"
    static let blob = "-"
}
