public import MitoCore

/// A function that a story wrote: a list of steps, each a dict of one word and what it needs. Arguments of its calls
/// are ignored.
///
/// | word | value |
/// |---|---|
/// | `sleep`, `block` | a duration: `5s`, or seconds as a number |
/// | `return` | the result so far becomes this |
/// | `fail` | the message, or `[message, type]` |
/// | `hang` | `true` |
/// | `call` | `[context, function, arguments…]`; its result is the result |
///
/// ```swift
/// let script: Value = .list([.dict([.init("sleep", "5s")]), .dict([.init("return", 42)])])
/// let report = try ScriptedFunction("report", script: script)
/// let agent = Agent(node: node, functions: BuiltInFunctions.all + [report.function])
/// ```
public struct ScriptedFunction: Hashable, Sendable {
    public let name: String
    public let steps: [Step]

    /// Throws `mitoscope.ScriptError`, which names the step, when `script` is not a list of steps.
    public init(_ name: String, script: Value) throws(FunctionError) {
        guard let items = script.items else { throw .script("\(name): the script is a list of steps") }
        self.name = name
        var steps: [Step] = []
        for (index, item) in items.enumerated() {
            do throws(FunctionError) {
                steps.append(try Step(scripted: item))
            } catch {
                throw .script("\(name), step \(index + 1): \(error.message)")
            }
        }
        self.steps = steps
    }

    /// The function to be registered.
    public var function: ValueFunction {
        let steps = steps
        return ValueFunction(name) { _, _ in steps }
    }
}

extension Step {
    /// The words of a script, in the order in which people are told of them.
    static let words = ["sleep", "return", "fail", "hang", "block", "call"]

    fileprivate init(scripted item: Value) throws(FunctionError) {
        guard case .dict(let pairs) = item, pairs.count == 1, case .text(let text) = pairs[0].key else {
            throw .script("a step is one word and its value, not \(item.description(limit: 100))")
        }
        let (word, value) = (text.string, pairs[0].value)
        switch word {
        case "sleep": self = .sleep(try Self.duration(value))
        case "block": self = .block(try Self.duration(value))
        case "return": self = .give(value)
        case "fail": self = .fail(try FunctionError(scripted: value))
        case "hang":
            guard value == true else { throw .script("'hang' takes true") }
            self = .hang
        case "call":
            guard let items = value.items else { throw .script("'call' takes [context, function, arguments…]") }
            self = .call(try CallRequest(relayed: items))
        default:
            let nearest = nearestName(to: word, in: Self.words) ?? ""
            throw .script("there is no step '\(word.prefix(100))'; the nearest is '\(nearest)'")
        }
    }

    private static func duration(_ value: Value) throws(FunctionError) -> Duration {
        guard let duration = Duration(value) else {
            throw .script("a duration such as 5s, not \(value.description(limit: 100))")
        }
        return duration
    }
}

extension FunctionError {
    /// The message, or the message and the type.
    fileprivate init(scripted value: Value) throws(FunctionError) {
        let items = value.items ?? [value]
        guard items.count == 1 || items.count == 2, case .text(let message) = items[0],
            case .text(let type) = items.count == 2 ? items[1] : .text(Self.failedType)
        else { throw .script("'fail' takes the message, or [message, type]") }
        self.init(type: type.string, message: message.string)
    }
}

extension Value {
    /// The items of a list or tuple; nil for anything else.
    var items: [Value]? {
        switch self {
        case .list(let items), .tuple(let items): items
        default: nil
        }
    }
}
