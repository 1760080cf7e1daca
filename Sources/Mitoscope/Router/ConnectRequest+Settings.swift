import MitoCore

/// What every method of connection lets a program choose.
extension ConnectRequest {
    /// Says what is wrong before anything travels, so that it is the same in every world.
    mutating func set(
        unidirectional: Bool?, debug: Bool?, profiling: Bool?, connectTimeout: Duration?, grace: Duration?
    ) throws(MitoscopeError) {
        guard [connectTimeout, grace].allSatisfy({ $0 ?? .zero >= .zero }) else {
            throw MitoscopeError(.usage, "connectTimeout and grace cannot be less than nothing")
        }
        self.connectTimeout = connectTimeout
        self.grace = grace
        for (key, flag) in [("unidirectional", unidirectional), ("debug", debug), ("profiling", profiling)] {
            if let flag { options.append(Value.Pair(.text(Text(key)), .bool(flag))) }
        }
    }

    /// Adds an option, unless there is nothing to say.
    mutating func add(_ key: String, _ text: String?) {
        if let text { options.append(Value.Pair(.text(Text(key)), .text(Text(text)))) }
    }
}
