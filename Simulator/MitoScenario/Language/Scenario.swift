public import MitoCore

/// One story about a tree of contexts, and what must be true of it. The same value is told in every world.
///
/// ```swift
/// let scenario = try Scenario(reading: bytes, file: "Scenarios/Lessons/01-first-call.yaml")
/// let run = SimWorld.run(scenario, seed: scenario.seed)
/// print(Verdict(of: scenario, in: run).outcome)
/// ```
public struct Scenario: Sendable {
    /// The file as the user named it.
    public var file: String
    public var title: String
    /// What to look for while watching; empty when the file does not say.
    public var teaches: String
    /// What a reader is asked before it is told; nil when the file asks nothing.
    public var question: Question?
    /// The worlds that can tell it, in the order in which `--world all` runs them.
    public var worlds: [WorldKind]
    public var seed: UInt64
    /// How much of the world's time the story may take; past it the run is inconclusive.
    public var limit: Duration
    /// The contexts that are up before the story begins, parents first.
    public var contexts: [ContextPlan]
    /// The links of these, and of contexts that the story connects, by the name of their lower end.
    public var links: LinkTable
    public var story: [StoryEntry]
    public var expectations: [Expectation]
    /// Planted bugs: the context and the name of its bug.
    public var defects: [Defect]

    /// What the story says of a context, whether it is up from the beginning, or connected or spawned later.
    public func plan(of context: String) -> ContextPlan? {
        contexts.first { $0.name == context } ?? story.lazy.compactMap(\.plan).first { $0.name == context }
    }

    /// Every context that the story names, at its beginning or later, each once.
    var everyPlan: [ContextPlan] {
        var plans = contexts
        for plan in story.compactMap(\.plan) where !plans.contains(where: { $0.name == plan.name }) {
            plans.append(plan)
        }
        return plans
    }

    /// A bug that one context is given on purpose, so that it can be found.
    public struct Defect: Hashable, Sendable {
        public var context: String
        public var name: String
    }
}

/// Where contexts live and what time is.
public enum WorldKind: String, Hashable, Sendable, CaseIterable {
    /// Nodes in one process, virtual time.
    case sim
    /// Real processes, real time.
    case live
    /// The same, each with a network of its own, over real TCP.
    case lab

    /// Are contexts processes there, and is time the machine's?
    public var isReal: Bool { self != .sim }
}

/// A context as a story declares it.
public struct ContextPlan: Hashable, Sendable {
    public var name: String
    /// The name of the context that starts it.
    public var via: String
    /// How it is started; `local` is the one method so far.
    public var method: String
    /// Does it let through only what comes from, or goes to, a context above? nil = as its parent does.
    public var isUnidirectional: Bool?
    /// Functions that this context alone has.
    public var functions: [FunctionPlan]
}

/// A function that a story writes itself: steps, run in order.
public struct FunctionPlan: Hashable, Sendable {
    public var name: String
    public var steps: [StepPlan]
    public var position: SourcePosition
}

/// One step of a function.
public enum StepPlan: Hashable, Sendable {
    case sleep(Duration)
    case block(Duration)
    case give(Value)
    case fail(String)
    case hang
    /// Calls a function of another context, one that is up before this one, and waits.
    case call(context: String, function: String, arguments: [Value])
}

/// One line of the story: what is done, and when.
public struct StoryEntry: Sendable {
    public var word: any StoryWord
    /// The name given with `as:`, or one that no file can write.
    public var name: String
    public var when: When
    public var position: SourcePosition
}

extension StoryEntry {
    /// The context that this line starts.
    fileprivate var plan: ContextPlan? {
        if let connect = word as? ConnectWord { return connect.plan }
        guard let call = word as? CallWord, let name = call.spawned else { return nil }
        return ContextPlan(name: name, via: call.target, method: "local", functions: [])
    }
}

/// When an entry happens.
public struct When: Hashable, Sendable {
    public enum Trigger: Hashable, Sendable {
        /// At once after the entry before; the first one when the story begins.
        case entryBefore
        /// This long after the story began.
        case at(Duration)
        /// When everything here has come so far.
        case after([Awaited])
        /// When a message is sent.
        case on(MessagePattern)
        /// Again and again, each time so much later than before, until this long after the story began.
        case every(Duration, until: Duration)
    }

    /// Something that has a name, and how far it must have come.
    public struct Awaited: Hashable, Sendable {
        public var name: String
        public var phase: Phase
    }

    /// How far something named has come.
    public enum Phase: String, Hashable, Sendable, CaseIterable {
        /// A call's function began to run; a shutdown began.
        case running
        /// A call ended, whatever way; a context is gone; a connection is up or has failed.
        case ended
    }

    public var trigger: Trigger
    public var plus: Duration
}
