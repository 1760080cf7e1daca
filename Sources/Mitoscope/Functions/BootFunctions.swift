import MitoCore

extension ScriptedFunction {
    /// The functions that a parent gave its child at the start: a dict of names and scripts, pickled, as hexadecimal
    /// digits under `mitoscope_functions` among the child's boot options. A script that is not well written becomes a
    /// function that fails with the reason, so that whoever calls it learns of it.
    static func functions(inBoot options: [Value.Pair]) throws(FunctionError) -> [any ImageFunction] {
        guard let option = options.first(where: { $0.key == .text(bootKey) }) else { return [] }
        guard case .text(let digits) = option.value, let pickle = [UInt8](hexadecimal: digits.utf8) else {
            throw .script("'\(bootKey)' is not text of hexadecimal digits")
        }
        return try scripts(pickle).map { name, script in
            do throws(FunctionError) {
                return try ScriptedFunction(name, script: script).function
            } catch {
                return ValueFunction(name) { _, _ in [.fail(error)] }
            }
        }
    }

    private static func scripts(_ pickle: [UInt8]) throws(FunctionError) -> [(String, Value)] {
        let value: Value
        do throws(PickleError) {
            value = try Value(pickled: pickle)
        } catch {
            throw .script("'\(bootKey)': \(error)")
        }
        guard case .dict(let pairs) = value else { throw .script("'\(bootKey)' is not a dict") }
        var scripts: [(String, Value)] = []
        for pair in pairs {
            guard case .text(let name) = pair.key else { throw .script("'\(bootKey)': a function's name is text") }
            scripts.append((name.string, pair.value))
        }
        return scripts
    }

    static let bootKey = "mitoscope_functions"
}

extension [UInt8] {
    /// The bytes that pairs of hexadecimal digits stand for; nil when they are not such pairs.
    init?(hexadecimal digits: [UInt8]) {
        guard digits.count.isMultiple(of: 2) else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(digits.count / 2)
        for index in stride(from: 0, to: digits.count, by: 2) {
            guard let high = Self.value(of: digits[index]), let low = Self.value(of: digits[index + 1]) else {
                return nil
            }
            bytes.append(high << 4 | low)
        }
        self = bytes
    }

    private static func value(of digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
