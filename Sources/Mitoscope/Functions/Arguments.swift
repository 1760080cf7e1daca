public import MitoCore

/// The arguments of a call, bound to the labels that a function declares.
///
/// Positions bind to labels in order, keywords by name. One too many, one unknown, one given twice or one of the
/// wrong kind is a `mitoscope.ArgumentError` that names it.
///
/// ```swift
/// let pause = ValueFunction("demo.pause") { call, _ throws(FunctionError) in
///     let arguments = try Arguments(of: call, labels: ["duration"])
///     return [.sleep(try arguments.duration("duration"))]
/// }
/// ```
public struct Arguments: Sendable {
    private let function: String
    private var bound: [String: Value] = [:]

    /// Throws when the call's arguments do not fit `labels`; whether one is missing shows when it is asked for.
    public init(of call: Invocation, labels: [String]) throws(FunctionError) {
        function = call.function
        guard call.arguments.count <= labels.count else { throw .tooManyArguments(of: call, max: labels.count) }
        for (label, value) in zip(labels, call.arguments) { bound[label] = value }
        for keyword in call.keywords {
            guard let label = keyword.key.string, labels.contains(label) else {
                throw .unknownKeyword(keyword.key, of: call, labels: labels)
            }
            guard bound.updateValue(keyword.value, forKey: label) == nil else {
                throw .arguments("\(function) was given '\(label)' twice")
            }
        }
    }

    /// The argument, or nil when the caller left it out.
    public func optional(_ label: String) -> Value? { bound[label] }

    /// The argument; throws when the caller left it out.
    public func value(_ label: String) throws(FunctionError) -> Value {
        guard let value = bound[label] else { throw .arguments("\(function) needs '\(label)'") }
        return value
    }

    /// Text, or bytes as Python 2 sends them.
    public func text(_ label: String) throws(FunctionError) -> String {
        let value = try value(label)
        guard let text = value.string else { throw mismatch(label, "text", value) }
        return text
    }

    /// A count: 0 or more.
    public func count(_ label: String) throws(FunctionError) -> Int {
        let value = try value(label)
        guard case .int(let number) = value, number >= 0 else { throw mismatch(label, "a count", value) }
        return Int(number)
    }

    /// A length of time: seconds as a number, or text as stories write it: `250us`, `1m30s`.
    public func duration(_ label: String) throws(FunctionError) -> Duration {
        let value = try value(label)
        guard let duration = Duration(value) else { throw mismatch(label, "a duration such as 5s", value) }
        return duration
    }

    /// A context, or its id.
    public func context(_ label: String) throws(FunctionError) -> ContextID {
        let value = try value(label)
        guard let id = ContextID(value) else { throw mismatch(label, "a context or its id", value) }
        return id
    }

    /// A sender: the context and handle of its receiver.
    public func sender(_ label: String) throws(FunctionError) -> (ContextID, Handle) {
        let value = try value(label)
        guard case .sender(let context, let handle) = value else { throw mismatch(label, "a sender", value) }
        return (context, handle)
    }

    private func mismatch(_ label: String, _ wanted: String, _ value: Value) -> FunctionError {
        .arguments("\(function) wants \(wanted) as '\(label)', not \(value.description(limit: 100))")
    }
}

extension ContextID {
    /// A context that travelled, or its id as a number; nil for anything else.
    init?(_ value: Value) {
        switch value {
        case .context(let id, name: _): self = id
        case .int(let number):
            guard let id = UInt32(exactly: number) else { return nil }
            self.init(id)
        default: return nil
        }
    }
}
