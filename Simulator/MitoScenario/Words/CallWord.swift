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
    public static let options = ["from", "args", "timeout", "no-reply", "chain"]
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
            .call(request(to: to, as: name)), in: from,
            or: "\(caller) has ended or is frozen, so it cannot call \(target)")
    }

    /// The context that it starts, below its target.
    var spawned: String? { function == BuiltInFunctions.spawn.name ? arguments.first?.string : nil }

    /// The call as a node takes it.
    func request(to target: ContextID, as name: String) -> CallRequest {
        var request = CallRequest(function, on: target, arguments)
        request.timeout = timeout
        request.isNoReply = isNoReply
        request.chain = chain
        request.tag = name
        return request
    }
}

extension CallWord: ReadableWord {
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
        if function == BuiltInFunctions.spawn.name { checkSpawn(call, at: subject.position, sheet) }
        if call.isNoReply, call.timeout != nil {
            sheet.note(fields.position(of: "timeout"), "a call without reply has no time-out")
        }
        return call
    }

    /// The name of a new context is known before the story begins.
    private static func checkSpawn(_ call: CallWord, at position: SourcePosition, _ sheet: ErrorSheet) {
        if call.arguments.count == 1, call.spawned != nil { return }
        sheet.note(position, "spawn takes the new context's name", hint: "for example `args: [kid]`")
    }
}
