import MitoCore

/// What a dialler asks a host for: two connections, which say in the same first bytes that they belong together, and
/// on the first of them what is to be started.
///
/// The first bytes of a connection are `preface`: what it is for, the lab's key, and the token of this start. Nothing
/// more is read from somebody who does not know the key.
struct StartRequest: Hashable {
    /// The arguments that follow the program's name.
    var arguments: [String]
    /// `NAME=value` each.
    var environment: [String]

    /// What a connection is for.
    enum Purpose: UInt8, CaseIterable {
        /// The request itself, then stderr, signals, and how the program ended.
        case control = 67
        /// The program's stdin and stdout.
        case stream = 83
    }

    /// The first bytes of a connection, always as many.
    struct Preface: Hashable {
        var purpose: Purpose
        var key: LabKey
        var token: [UInt8]

        static let bytes = magic.count + 1 + LabKey.bytes + tokenBytes
        static let tokenBytes = 16
        /// The last one is the version.
        private static let magic = Array("mitolab".utf8) + [1]

        init(_ purpose: Purpose, key: LabKey, token: [UInt8]) {
            precondition(token.count == Self.tokenBytes)
            (self.purpose, self.key, self.token) = (purpose, key, token)
        }

        /// Nil when the bytes are not a preface, or its key is another.
        init?(_ bytes: [UInt8], key: LabKey) {
            guard bytes.count == Self.bytes, bytes.starts(with: Self.magic),
                let purpose = Purpose(rawValue: bytes[Self.magic.count]),
                LabKey(Array(bytes.dropFirst(Self.magic.count + 1).prefix(LabKey.bytes))) == key
            else { return nil }
            self.init(purpose, key: key, token: bytes.suffix(Self.tokenBytes))
        }

        var encoded: [UInt8] { Self.magic + [purpose.rawValue] + key.secret + token }
    }

    var value: Value {
        .list([.list(arguments.map { .text($0) }), .list(environment.map { .text($0) })])
    }

    init(arguments: [String], environment: [String]) {
        (self.arguments, self.environment) = (arguments, environment)
    }

    /// Nil when the value is not one that `value` gives, or has a text that no program can be given.
    init?(_ value: Value) {
        guard case .list(let parts) = value, parts.count == 2, let arguments = Self.words(parts[0]),
            let environment = Self.words(parts[1])
        else { return nil }
        self.init(arguments: arguments, environment: environment)
    }

    private static func words(_ value: Value) -> [String]? {
        guard case .list(let values) = value, values.count <= wordsMax else { return nil }
        let words = values.compactMap { value -> String? in
            guard case .text(let text) = value else { return nil }
            return text.string
        }
        guard words.count == values.count, !words.contains(where: { $0.utf8.contains(0) }) else { return nil }
        return words
    }

    private static let wordsMax = 10_000
}

/// What a host tells a dialler, and the other way round.
enum StartNews: Hashable {
    /// The program runs.
    case started
    /// It cannot be started: the error's number and what to tell people.
    case failed(Int32, String)
    /// It wrote this to its stderr.
    case errors([UInt8])
    /// It ended with this status.
    case exited(Int32)
    /// This signal ended it; from the dialler: this signal is for it.
    case signal(Int32)

    var value: Value {
        switch self {
        case .started: .list(["started"])
        case .failed(let code, let text): .list(["failed", .int(Int64(code)), .text(text)])
        case .errors(let bytes): .list(["errors", .bytes(bytes)])
        case .exited(let status): .list(["exit", .int(Int64(status))])
        case .signal(let number): .list(["signal", .int(Int64(number))])
        }
    }

    init?(_ value: Value) {
        guard case .list(let parts) = value, let word = parts.first?.string else { return nil }
        switch (word, parts.count) {
        case ("started", 1): self = .started
        case ("failed", 3):
            guard case .int(let code) = parts[1], let code = Int32(exactly: code), case .text(let text) = parts[2]
            else { return nil }
            self = .failed(code, text.string)
        case ("errors", 2):
            guard case .bytes(let bytes) = parts[1] else { return nil }
            self = .errors(bytes)
        case ("exit", 2), ("signal", 2):
            guard case .int(let number) = parts[1], let number = Int32(exactly: number), number >= 0 else { return nil }
            self = word == "exit" ? .exited(number) : .signal(number)
        default: return nil
        }
    }
}
