import MitoCore
public import MitoSimulator

/// What the words have in common that do something to one message.
public protocol FrameFaultWord: StoryWord, Hashable {
    var message: MessagePattern { get }
    var kind: FrameFault.Kind { get }
}

extension FrameFaultWord {
    public var sentence: String { "\(Self.word) \(message.sentence)" }
    public var whySimulatedOnly: String? { "a live link knows bytes and no messages" }

    public func perform(on stage: borrowing some Stage, as name: String) throws(CannotPerform) {
        let fault = FrameFault(kind, try message.frames(on: stage, word: Self.word), nth: message.nth)
        try stage.perform(.frames(fault), on: message.link ?? "master", as: name)
    }
}

extension MessagePattern {
    /// The same with the contexts' ids.
    fileprivate func frames(on stage: borrowing some Stage, word: String) throws(CannotPerform) -> FramePattern {
        let consequence = "a message cannot be meant by '\(word)'"
        var pattern = FramePattern(kind: kind, handle: handle)
        if let source { pattern.source = try stage.id(of: source, or: consequence) }
        if let destination { pattern.destination = try stage.id(of: destination, or: consequence) }
        if let link { pattern.link = try stage.id(of: link, or: consequence) }
        return pattern
    }
}
