import MitoCore

/// Takes the arguments of a call one after another, each as the type that its function declares.
struct ArgumentReader {
    /// What a function declares of its arguments.
    struct Signature: Sendable {
        /// One for each argument, or none.
        var labels: [String]
        var count: Int
    }

    private let call: Invocation
    private let signature: Signature
    private let decoder: ValueDecoder
    /// By their labels; nil where arguments have a place only.
    private let bound: Arguments?
    private var place = 0

    /// Throws when the call has too many arguments, or keywords that the function does not declare.
    init(_ call: Invocation, _ signature: Signature, router: Router?) throws(FunctionError) {
        self.call = call
        self.signature = signature
        decoder = ValueDecoder(router: router)
        if !signature.labels.isEmpty {
            bound = try Arguments(of: call, labels: signature.labels)
            return
        }
        bound = nil
        guard call.arguments.count <= signature.count else {
            throw .tooManyArguments(of: call, max: signature.count)
        }
        if let keyword = call.keywords.first { throw .unknownKeyword(keyword.key, of: call, labels: []) }
    }

    /// The next argument. One that the caller left out is nil where the type allows.
    mutating func next<Argument: Decodable>(_ type: Argument.Type) throws -> Argument {
        defer { place += 1 }
        guard let value = value else {
            if let absent = type as? any ExpressibleByNilLiteral.Type, let none = absent.absent as? Argument {
                return none
            }
            throw FunctionError.arguments("\(call.function) needs \(name)")
        }
        do {
            return try decoder.decode(type, from: value)
        } catch {
            throw FunctionError.arguments("\(call.function), \(name): \(reason(error))")
        }
    }

    private var value: Value? {
        if let bound { return bound.optional(signature.labels[place]) }
        return place < call.arguments.count ? call.arguments[place] : nil
    }

    private var name: String { bound == nil ? "argument \(place + 1)" : "'\(signature.labels[place])'" }
}

extension ExpressibleByNilLiteral {
    fileprivate static var absent: Self { nil }
}
