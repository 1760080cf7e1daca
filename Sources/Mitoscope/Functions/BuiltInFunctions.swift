import MitoCore

/// The functions that every image of ours has. They make trees that can be watched: each does one plain thing.
///
/// ```swift
/// let agent = Agent(node: node, functions: BuiltInFunctions.all)
/// let sum = try await context.call(BuiltInFunctions.add, [2, 3])
/// let sender = try await context.call("collect")
/// ```
public enum BuiltInFunctions {
    public static let all: [any ImageFunction] = [
        echo, add, sleep, `return`, fail, hang, block, relay, tail, flood, spawn, collect, collected, whoami,
    ]

    /// `echo(…)` returns its argument; several come back as a tuple, keywords as a dict after them.
    public static let echo = ValueFunction("echo") { call, _ in
        let keywords = call.keywords.isEmpty ? [] : [Value.dict(call.keywords)]
        let values = call.arguments + keywords
        return [.give(values.count > 1 ? .tuple(values) : values.first ?? .none)]
    }

    /// `add(…)` returns the sum of its numbers, 0 for none. A sum outside 64 bits is a `mitoscope.OverflowError`.
    public static let add = ValueFunction("add") { call, _ throws(FunctionError) in
        guard call.keywords.isEmpty else { throw .arguments("add takes no keywords") }
        var sum = Value.int(0)
        for value in call.arguments { sum = try Self.sum(sum, value) }
        return [.give(sum)]
    }

    /// `sleep(duration)` waits; the broker and other contexts go on. Seconds as a number, or text such as `250ms`.
    public static let sleep = ValueFunction("sleep") { call, _ throws(FunctionError) in
        [.sleep(try Arguments(of: call, labels: ["duration"]).duration("duration"))]
    }

    /// `return(value)` returns it.
    public static let `return` = ValueFunction("return") { call, _ throws(FunctionError) in
        [.give(try Arguments(of: call, labels: ["value"]).value("value"))]
    }

    /// `fail(message, type)` fails, by default with type `mitoscope.Failed`.
    public static let fail = ValueFunction("fail") { call, _ throws(FunctionError) in
        let arguments = try Arguments(of: call, labels: ["message", "type"])
        let type = arguments.optional("type") == nil ? FunctionError.failedType : try arguments.text("type")
        return [.fail(FunctionError(type: type, message: try arguments.text("message")))]
    }

    /// `hang()` never returns.
    public static let hang = ValueFunction("hang") { call, _ throws(FunctionError) in
        _ = try Arguments(of: call, labels: [])
        return [.hang]
    }

    /// `block(duration)` blocks its context's thread for functions, as careless code does.
    public static let block = ValueFunction("block") { call, _ throws(FunctionError) in
        [.block(try Arguments(of: call, labels: ["duration"]).duration("duration"))]
    }

    /// `relay(context, function, …)` calls `function` in another context with the other arguments, and returns what
    /// it returns. Relays can be nested: `relay(3, "relay", 5, "echo", 1)`.
    public static let relay = ValueFunction("relay") { call, _ throws(FunctionError) in
        [.call(try CallRequest(relayed: call.arguments, keywords: call.keywords))]
    }

    /// `tail(count, sender)` sends the numbers from 0 to `sender`, closes it, and returns how many it sent.
    public static let tail = ValueFunction("tail") { call, _ throws(FunctionError) in
        let arguments = try Arguments(of: call, labels: ["count", "sender"])
        let (context, handle) = try arguments.sender("sender")
        let count = try arguments.count("count")
        return [.stream(context, handle, count: count), .give(.int(Int64(count)))]
    }

    /// `flood(count, sender, size)` sends blocks of `size` bytes, by default 64 KiB, at most 1 MiB, and closes.
    public static let flood = ValueFunction("flood") { call, _ throws(FunctionError) in
        let arguments = try Arguments(of: call, labels: ["count", "sender", "size"])
        let (context, handle) = try arguments.sender("sender")
        let count = try arguments.count("count")
        let size = arguments.optional("size") == nil ? 64 * 1024 : try arguments.count("size")
        guard size <= 1024 * 1024 else { throw .arguments("flood sends blocks of at most 1 MiB") }
        return [.stream(context, handle, count: count, size: size), .give(.int(Int64(count)))]
    }

    /// `spawn(name, options)` starts a context of this name on this host, below this context, and returns it once it is
    /// up. The options are those of a connect command.
    public static let spawn = ValueFunction("spawn") { call, _ throws(FunctionError) in
        let arguments = try Arguments(of: call, labels: ["name", "options"])
        var request = ConnectRequest(name: try arguments.text("name"))
        switch arguments.optional("options") {
        case nil: break
        case .dict(let pairs): request.options = pairs
        case let other?: throw .arguments("the options of spawn are a dict, not \(other.description(limit: 100))")
        }
        return [.spawn(request)]
    }

    /// `collect()` opens a receiver here and returns its sender, to be given to `tail` or any other context.
    public static let collect = ValueFunction("collect") { call, _ throws(FunctionError) in
        _ = try Arguments(of: call, labels: [])
        return [.open]
    }

    /// `collected(sender)` waits until a sender that `collect` gave out is closed, and returns the list of items.
    public static let collected = ValueFunction("collected") { call, identity throws(FunctionError) in
        let (context, handle) = try Arguments(of: call, labels: ["sender"]).sender("sender")
        guard context == identity.id else { throw .notCollecting(handle) }
        return [.drain(handle)]
    }

    /// `whoami()` returns a dict of this context's `id` and `name`.
    public static let whoami = ValueFunction("whoami") { call, identity throws(FunctionError) in
        _ = try Arguments(of: call, labels: [])
        let id = Value.Pair("id", .int(Int64(identity.id.rawValue)))
        return [.give(.dict([id, Value.Pair("name", .text(identity.name))]))]
    }

    private static func sum(_ a: Value, _ b: Value) throws(FunctionError) -> Value {
        switch (a, b) {
        case (.int(let x), .int(let y)):
            let (sum, isTooLarge) = x.addingReportingOverflow(y)
            guard !isTooLarge else { throw .overflow("the sum does not fit into 64 bits") }
            return .int(sum)
        case (.float(let x), .float(let y)): return .float(x + y)
        case (.float(let x), .int(let y)): return .float(x + Double(y))
        case (.int(let x), .float(let y)): return .float(Double(x) + y)
        default: throw .arguments("add takes numbers, not \(b.description(limit: 100))")
        }
    }
}

extension FunctionError {
    /// The type of a failure whose author named none.
    static let failedType = "mitoscope.Failed"
}

extension CallRequest {
    /// A nested call as `relay` and scripts write it: the context, the function, then its arguments.
    init(relayed arguments: [Value], keywords: [Value.Pair] = []) throws(FunctionError) {
        guard arguments.count >= 2, let context = ContextID(arguments[0]), let function = arguments[1].string else {
            throw .arguments("a relayed call is a context or its id, a function's name, then the arguments")
        }
        self.init(function, on: context, Array(arguments[2...]))
        self.keywords = keywords
    }
}
