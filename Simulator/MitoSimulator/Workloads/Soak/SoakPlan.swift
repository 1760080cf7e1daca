public import MitoCore
public import MitoLinks

/// All that happens in one run of the soak: a tree, what its programs ask for, and what befalls it. A plan is drawn
/// from a seed and is a value, so that a failing one can be made smaller.
///
/// ```swift
/// let plan = SoakPlan(seed: 1, tree: 17)
/// let violations = SoakRun.violations(of: plan)
/// ```
public struct SoakPlan: Hashable, Sendable {
    public let seed: UInt64
    /// Which of the seed's trees this is.
    public let tree: Int
    public var settings: Settings
    /// The contexts, the root first; each stands after its parent.
    public var members: [Member]
    public var deeds: [Deed]
    public var faults: [Fault]

    /// What is the same in the whole tree.
    public struct Settings: Hashable, Sendable {
        public var link = LinkModel(delay: .uniform(.milliseconds(1), .milliseconds(20)))
        public var startDelay = Delay.uniform(.milliseconds(1), .milliseconds(50))
        public var isUnidirectional = false
        public var messageBytesMax = 1 << 20
        public var queueBytesMax = 1 << 24
        /// A bug planted in every context; one of `Node.defects`.
        public var defect: String?
    }

    /// One context of the tree. Members are known by their number, which a smaller plan keeps.
    public struct Member: Hashable, Sendable {
        public var number: Int
        public var parent: Int
        /// Who asks for it: an ancestor, or the parent itself.
        public var asker: Int
        /// When it is started, counted from the moment at which the others are up; nil = it is one of those.
        public var late: Duration?
    }

    /// Something that a program asks for.
    public struct Deed: Hashable, Sendable {
        public var number: Int
        public var at: Duration
        public var kind: Kind

        public enum Kind: Hashable, Sendable {
            case call(Call)
            /// One context opens a receiver, another streams to it, and the first waits for all items.
            case stream(from: Int, to: Int, count: Int, size: Int?)
            /// A message to a handle that nobody gave out.
            case stray(from: Int, to: Int, handle: UInt32)
            /// The root, or a parent, ends a context in good order.
            case shutdown(Int, by: Int)
        }
    }

    /// A call, and what its caller does about it.
    public struct Call: Hashable, Sendable {
        public var caller: Int
        public var target: Int
        public var function: Function
        public var timeout: Duration?
        public var chain: Int?
        public var isNoReply = false
        /// The caller gives it up after so long.
        public var patience: Duration?
    }

    /// What is called.
    public indirect enum Function: Hashable, Sendable {
        case echo(bytes: Int)
        case add(Int, Int)
        case sleep(Duration)
        case block(Duration)
        case give(Int)
        case fail
        case hang
        case whoami
        case relay(to: Int, Function)
        /// Code of the program's own.
        case code(Code)
        /// No such function; arguments that do not fit; the chain's failure is to be forgotten.
        case unknown
        case malformed
        case forgetChain
    }

    /// What code of the program's own does.
    public enum Code: Hashable, Sendable {
        /// Asks others at once, each for so long; waits for one or for so long; blocks its thread for so long at most.
        case ask([Int], Duration)
        case race(Int, Duration)
        case block(Int, Duration)
        /// Begins so many tasks and cancels them; lets so many add to a sum; streams so many items.
        case cancel(Int)
        case tally(Int)
        case count(Int)
    }

    /// Something that befalls a context.
    public struct Fault: Hashable, Sendable {
        public var number: Int
        public var at: Duration
        public var kind: Kind

        public enum Kind: Hashable, Sendable {
            /// Its process is gone, without a word; a fresh one may be started in its place.
            case kill(Int)
            case restart(Int)
            /// Its process stops for a while.
            case freeze(Int, Duration)
            /// Nothing gets through the link above it for a while, and neither end can tell.
            case cut(Int, LinkOrder.Ways, Duration)
            /// What comes to the end of the link above it waits there for a while.
            case hold(Int, LinkOrder.Ways, Duration)
            /// The link above it breaks, and both ends see it.
            case reset(Int)
            /// The link above it becomes a worse one.
            case slow(Int, Duration)
            /// The next frame on the link above it takes longer.
            case delay(Int, Duration)
            /// Something that no stream does happens to one frame on the link above it, or of its own where `isOwn`:
            /// the n-th of a kind, or of all.
            case frame(Int, isOwn: Bool, FrameFault.Kind, FrameKind?, nth: Int)
            /// It sends a message in another's name.
            case spoof(Int, as: Int, to: Int, handle: UInt32)
        }
    }

    /// The faults of single frames.
    var frameFaults: [FrameFault] {
        faults.compactMap { fault in
            guard case .frame(_, isOwn: _, let kind, let frames, let nth) = fault.kind else { return nil }
            return FrameFault(kind, FramePattern(kind: frames), nth: nth)
        }
    }

    /// Does something happen to a frame that no stream does to it?
    public var hasFrameFaults: Bool { !frameFaults.isEmpty }

    /// What need not hold, for what happens to single frames. Calls end all the same: the tree ends, and with it every
    /// wait for what was lost.
    public var suspended: Set<Invariant> {
        var suspended: Set<Invariant> = []
        for fault in frameFaults { suspended.formUnion(fault.suspends) }
        suspended.remove(.callsEndOnce)
        return suspended
    }

    /// How long programs ask and faults fall, once the tree is up.
    public static let window = Duration.seconds(10)
}
