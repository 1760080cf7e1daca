import MitoCore

/// The functions of one context by name.
struct FunctionTable: Sendable {
    private var functions: [String: any ImageFunction] = [:]
    /// In the order of registration.
    private(set) var names: [String] = []

    init(_ functions: [any ImageFunction]) { add(functions) }

    /// Of two functions with one name the later counts.
    mutating func add(_ added: [any ImageFunction]) {
        for function in added where functions.updateValue(function, forKey: function.name) == nil {
            names.append(function.name)
        }
    }

    /// What the call is to do here.
    func body(of invocation: Invocation) throws(FunctionError) -> FunctionBody {
        guard let function = functions[invocation.function] else {
            throw .unknownFunction(invocation.function, nearest: nearestName(to: invocation.function, in: names))
        }
        return function.body
    }
}
