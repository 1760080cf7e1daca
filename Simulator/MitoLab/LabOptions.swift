/// The command line of `mito-lab` behind its role: `--name VALUE` pairs, and what follows them.
struct LabOptions {
    private var values: [String: String] = [:]
    private(set) var rest: [String] = []

    init(_ words: some Collection<String>) {
        rest = Array(words)
        while rest.count >= 2, rest[0].hasPrefix("--"), rest[0] != "--" {
            values[rest[0]] = rest[1]
            rest.removeFirst(2)
        }
    }

    mutating func value(_ name: String) throws(LabFailure) -> String? { values.removeValue(forKey: name) }

    mutating func required(_ name: String) throws(LabFailure) -> String {
        guard let value = values.removeValue(forKey: name) else { throw LabFailure("\(name) is missing") }
        return value
    }
}
