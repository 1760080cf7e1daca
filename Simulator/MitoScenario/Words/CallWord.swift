public import MitoCore
import Mitoscope

/// `call: context.function`: calls a function and goes on; the call's end is seen later.
public struct CallWord: StoryWord, Hashable {
    public var caller: String
    public var target: String
    public var function: String
    public var arguments: [Value] = []
    public var timeout: Duration?
    public var isNoReply = false
    /// Calls of one chain share its first failure.
    public var chain: String?
    /// Does it work on the host of its target?
    var isOnHost = false

    public static let word = "call"
    public var isCall: Bool { true }

    public var whyLiveOnly: String? {
        isOnHost ? "a simulated context has no host that '\(function)' could work on" : nil
    }

    public var sentence: String {
        let limit = timeout.map { " for at most \($0)" } ?? ""
        return "\(caller) calls \(target).\(function)\(limit)"
    }

    public func perform(on stage: borrowing some Stage, as name: String) throws(CannotPerform) {
        let consequence = "\(caller) cannot call \(target)"
        let from = try stage.id(of: caller, or: consequence)
        let to = try stage.id(of: target, or: consequence)
        try stage.command(
            .call(try request(to: to, as: name, on: stage)), in: from,
            or: "\(caller) has ended or is frozen, so it cannot call \(target)")
    }

    /// Where among the arguments of `relay`, and of those that it calls in its turn, a context stands: a story knows
    /// names, a function ids.
    private var relayedPlaces: [Int] {
        var places: [Int] = []
        var function = function
        var place = 0
        while function == BuiltInFunctions.relay.name, place + 1 < arguments.count {
            places.append(place)
            function = arguments[place + 1].string ?? ""
            place += 2
        }
        return places
    }

    /// The context that it starts, below its target.
    var spawned: String? { function == BuiltInFunctions.spawn.name ? arguments.first?.string : nil }

    /// The call as a node takes it.
    func request(
        to target: ContextID, as name: String, on stage: borrowing some Stage
    ) throws(CannotPerform) -> CallRequest {
        var request = CallRequest(function, on: target, arguments)
        for place in relayedPlaces {
            guard let context = arguments[place].string else { continue }
            let id = try stage.id(of: context, or: "nothing can be relayed to it")
            request.arguments[place] = .int(Int64(id.rawValue))
        }
        request.timeout = timeout
        request.isNoReply = isNoReply
        request.chain = chain
        request.tag = name
        return request
    }
}

extension CallWord: ReadableWord {
    static let subject = Key(word, .function, "Calls a function and goes on; the call's end is seen later.")
    static let options = [
        Key("from", .context, "The caller; master unless it is said."),
        Key("args", .list(.value), "The arguments.", example: "[1, 2]"),
        Key("timeout", .duration, "When the caller gives up."),
        Key("no-reply", .bool, "Is no answer wanted?"),
        Key("chain", .name, "Calls of one chain share its first failure.", example: "setup"),
    ]

    static func read(_ subject: Item, _ fields: Fields, _ glossary: Glossary) -> CallWord? {
        let sheet = fields.sheet
        let caller = fields["from"].map { glossary.context($0) } ?? "master"
        guard let (target, function) = glossary.function(subject), let caller else { return nil }
        if caller == target {
            sheet.note(subject.position, "\(target) calls itself", hint: "`from` names another context")
            return nil
        }
        var call = CallWord(caller: caller, target: target, function: function)
        call.arguments = fields["args"].flatMap { sheet.list($0, "args") { sheet.value($0) } } ?? []
        call.timeout = fields["timeout"].flatMap { sheet.duration($0, "timeout") }
        call.isNoReply = fields["no-reply"].flatMap { sheet.bool($0, "no-reply") } ?? false
        call.chain = fields["chain"].flatMap { sheet.name($0, "chain") }
        call.isOnHost = glossary.isOnHost(function, of: target)
        call.checkRelayed(at: subject.position, glossary)
        if function == BuiltInFunctions.spawn.name { checkSpawn(call, at: subject.position, sheet) }
        if call.isNoReply, call.timeout != nil {
            sheet.note(fields.position(of: "timeout"), "a call without reply has no time-out")
        }
        return call
    }

    private func checkRelayed(at position: SourcePosition, _ glossary: Glossary) {
        for place in relayedPlaces {
            if let name = arguments[place].string { _ = glossary.context(name, at: position) }
        }
    }

    /// The name of a new context is known before the story begins.
    private static func checkSpawn(_ call: CallWord, at position: SourcePosition, _ sheet: ErrorSheet) {
        if call.arguments.count == 1, call.spawned != nil { return }
        sheet.note(position, "spawn takes the new context's name", hint: "for example `args: [kid]`")
    }
}
