import MitoCore

extension ContextPlan {
    static let keys = [
        Key("via", .context, "The context that starts it; master unless it is said."),
        Key("method", .words(methods), "How it is started."),
        Key(
            "unidirectional", .bool, "Whether it lets through only what concerns a context above; what is below it too."
        ),
        Key("link", .link, "Its link to its parent."),
        Key("functions", .names(.list(StepPlan.shape)), "Functions of its own: lists of steps, done in order."),
    ]
    /// The methods that there are.
    static let methods = ["local"]
    /// Those that the original has beside them.
    private static let laterMethods = [
        "fork", "ssh", "sudo", "su", "doas", "docker", "podman", "buildah", "jail", "lxc", "lxd", "incus", "kubectl",
        "setns",
    ]

    /// The fields of one context. Its link is read apart, by whoever keeps the links.
    static func read(_ fields: Fields, named name: String, _ glossary: Glossary) -> ContextPlan? {
        let sheet = fields.sheet
        let via = fields["via"].map { glossary.context($0, "via") } ?? "master"
        let method = fields["method"].map { readMethod($0, sheet) } ?? "local"
        let isUnidirectional = fields["unidirectional"].flatMap { sheet.bool($0, "unidirectional") }
        let functions = fields["functions"].map { FunctionPlan.readAll($0, of: name, glossary) } ?? []
        guard let via, let method else { return nil }
        if via == name {
            sheet.note(fields.position(of: "via"), "\(name) cannot start itself", hint: "`via` names its parent")
            return nil
        }
        return ContextPlan(
            name: name, via: via, method: method, isUnidirectional: isUnidirectional, functions: functions)
    }

    private static func readMethod(_ item: Item, _ sheet: ErrorSheet) -> String? {
        guard case .text(let text, _) = item.content, laterMethods.contains(text) else {
            return sheet.word(item, "method", of: methods)
        }
        let now = methods.joined(separator: ", ")
        sheet.note(item.position, "no context can be started by '\(text)' yet", hint: "now there is: \(now)")
        return nil
    }

    /// The contexts in an order in which each comes after the one that starts it; a circle is noted.
    static func parentsFirst(_ plans: [ContextPlan], at positions: [SourcePosition], _ sheet: ErrorSheet)
        -> [ContextPlan]
    {
        var rest = Array(zip(plans, positions))
        var sorted: [ContextPlan] = []
        var up: Set<String> = ["master"]
        while !rest.isEmpty {
            guard let next = rest.firstIndex(where: { up.contains($0.0.via) }) else {
                noteWaiting(rest, sheet)
                return sorted
            }
            let (plan, _) = rest.remove(at: next)
            up.insert(plan.name)
            sorted.append(plan)
        }
        return sorted
    }

    /// A context is given its functions when it starts, so it can only be told of those that are up by then.
    static func checkCalls(of sorted: [ContextPlan], _ sheet: ErrorSheet) {
        var up: Set<String> = []
        for plan in sorted {
            for function in plan.functions {
                for case .call(let context, _, _) in function.steps where !up.contains(context) {
                    let what =
                        "\(plan.name).\(function.name) calls \(context), which is not up when \(plan.name) starts"
                    sheet.note(function.position, what, hint: "declare \(context) before \(plan.name)")
                }
            }
            up.insert(plan.name)
        }
    }

    private static func noteWaiting(_ rest: [(ContextPlan, SourcePosition)], _ sheet: ErrorSheet) {
        for (plan, position) in rest {
            let isInCircle = rest.contains { $0.0.name == plan.via }
            let what =
                isInCircle
                ? "`via` goes in a circle: \(plan.name) via \(plan.via)" : "\(plan.via) is not up when the story begins"
            sheet.note(position, what, hint: "every context hangs on master")
        }
    }
}

extension FunctionPlan {
    /// `{ report: [ { sleep: 5s }, { return: 42 } ] }`.
    static func readAll(_ item: Item, of context: String, _ glossary: Glossary) -> [FunctionPlan] {
        guard case .map(let entries) = item.content else {
            return glossary.sheet.mismatch(item, "functions", "a mapping of names to steps") ?? []
        }
        var plans: [FunctionPlan] = []
        for entry in entries {
            let key = Item(content: .text(entry.key, isQuoted: true), position: entry.position)
            if plans.contains(where: { $0.name == entry.key }) {
                glossary.sheet.note(entry.position, "duplicate key '\(entry.key)'")
            }
            guard let name = glossary.sheet.name(key, "a function"),
                let steps = glossary.sheet.list(entry.value, "the steps of \(name)", { StepPlan.read($0, glossary) })
            else { continue }
            plans.append(FunctionPlan(name: name, steps: steps, position: entry.position))
        }
        return plans
    }
}

extension StepPlan {
    private static let words = [
        Key("sleep", .duration, "Waits."),
        Key("return", .value, "Returns this."),
        Key("fail", .text, "Fails with this message.", example: "no luck"),
        Key("hang", Shape(["const": true], example: "true"), "Never returns."),
        Key("block", .duration, "Waits, and blocks the thread that runs functions."),
        Key("call", .function, "Calls another context, and returns what it returns."),
    ]
    private static let callOptions = [Key("args", .list(.value), "The arguments.", example: "[1, 2]")]
    static let shape = Shape(
        ["anyOf": .array(words.map { Shape.objectSchema($0.name == "call" ? callOptions : [], first: $0) })],
        example: "{ sleep: 5s }")

    /// `{ sleep: 5s }`; a call also takes `args`.
    static func read(_ item: Item, _ glossary: Glossary) -> StepPlan? {
        let sheet = glossary.sheet
        guard case .map(let entries) = item.content, let first = entries.first else {
            return sheet.mismatch(item, "a step", "a mapping such as { sleep: 5s }")
        }
        guard let word = words.first(where: { $0.name == first.key }) else {
            sheet.noteUnknown("step", first.key, at: first.position, known: words.names)
            return nil
        }
        let known = [word] + (first.key == "call" ? callOptions : [])
        let fields = Fields(entries, at: item.position, of: "the step '\(first.key)'", known: known, sheet)
        switch first.key {
        case "sleep": return sheet.duration(first.value, "sleep").map(StepPlan.sleep)
        case "block": return sheet.duration(first.value, "block").map(StepPlan.block)
        case "return": return sheet.value(first.value).map(StepPlan.give)
        case "fail": return sheet.text(first.value, "fail").map(StepPlan.fail)
        case "hang": return sheet.bool(first.value, "hang") == true ? .hang : nil
        default:
            guard let (context, function) = glossary.function(first.value) else { return nil }
            let arguments = fields["args"].flatMap { sheet.list($0, "args") { sheet.value($0) } } ?? []
            return .call(context: context, function: function, arguments: arguments)
        }
    }
}
