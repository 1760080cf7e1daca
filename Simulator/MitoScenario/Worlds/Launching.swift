import MitoCore

extension ContextPlan {
    /// What starts this context, once everybody that it names is up. `ids` has the contexts that are; `defects` are
    /// the story's.
    func request(_ ids: [String: ContextID], as name: String, _ defects: [Scenario.Defect]) -> ConnectRequest {
        let parent = ids[via] ?? .master
        var request = ConnectRequest(method: method, name: self.name, via: parent == .master ? nil : parent)
        request.tag = name
        if let isUnidirectional {
            request.options.append(Value.Pair("unidirectional", .bool(isUnidirectional)))
        }
        let scripts = functions.map { Value.Pair(.text($0.name), .list($0.steps.map { $0.script(ids) })) }
        if !scripts.isEmpty { request.options.append(Value.Pair("functions", .dict(scripts))) }
        for defect in defects where defect.context == self.name {
            request.options.append(Value.Pair("defect", .text(defect.name)))
        }
        return request
    }
}

extension StepPlan {
    /// The step as a context reads it.
    fileprivate func script(_ ids: [String: ContextID]) -> Value {
        let (word, value): (Value, Value) =
            switch self {
            case .sleep(let duration): ("sleep", .text("\(duration)"))
            case .block(let duration): ("block", .text("\(duration)"))
            case .give(let value): ("return", value)
            case .fail(let message): ("fail", .text(message))
            case .hang: ("hang", true)
            case .call(let context, let function, let arguments):
                ("call", .list([.int(Int64(ids[context]?.rawValue ?? 0)), .text(function)] + arguments))
            }
        return .dict([Value.Pair(word, value)])
    }
}
