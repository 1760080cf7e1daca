import MitoCore
import MitoLinux
import Mitoscope
import Synchronization

/// The one queue through which other threads reach a loop. First in, first out, whatever thread it came from.
///
/// It knows who reads it. That is the loop's own thread, its *owner*, or for a while a *guest*: a thread that blocks
/// for an answer and takes the loop's turns itself meanwhile. Whoever sleeps is woken only when there is need: a
/// reader that is at work, or spins, looks at `isEmpty` by itself, and an owner that stands by while a guest comes and
/// goes is left alone.
final class Mailbox<Job: Sendable>: Sendable {
    private enum Reader {
        case awake
        /// It waits on the bell.
        case asleep
        /// There is none: the owner stands by, and anybody may take over.
        case absent
    }

    private struct State {
        var jobs: [Job] = []
        var isOpen = true
        var reader = Reader.awake
        /// The owner, while it stands by.
        var owner: (any Parker)?
        /// Is there work that must not wait for a guest?
        var isOwnerCalled = false
        /// Does it stand by without looking up, since one guest stays long?
        var isOwnerPatient = false
        /// How often a guest came.
        var visits: UInt64 = 0
        /// The latest guest.
        var guest: (any Parker)?
        /// Is it the reader?
        var isGuided = false
        /// Has it been told to look up?
        var isNudged = false
        /// Who blocks without being the reader.
        var candidates: [any Parker] = []
    }

    private let state = Mutex(State())
    private let waiting = Atomic<Int>(0)
    private let candidateCount = Atomic<Int>(0)
    private let bell: WakeUp

    init() throws(SystemError) { bell = try WakeUp() }

    /// Readable when the loop must wake up.
    var number: Int32 { bell.number }

    /// Is there nothing to take? May be out of date; exact for what this thread itself has put in.
    var isEmpty: Bool { waiting.load(ordering: .acquiring) == 0 }

    /// Puts a job at the end; false when nobody will ever take it.
    func put(_ job: Job) -> Bool {
        let (isTaken, mustRing, owner) = state.withLock { state -> (Bool, Bool, (any Parker)?) in
            guard state.isOpen else { return (false, false, nil) }
            state.jobs.append(job)
            waiting.store(state.jobs.count, ordering: .releasing)
            switch state.reader {
            case .awake: return (true, false, nil)
            case .asleep:
                state.reader = .awake
                return (true, true, nil)
            case .absent:
                // Who was the guest a moment ago is about to come back, or else the owner looks after its pause.
                if !state.isOwnerPatient, state.guest === Parkers.current { return (true, false, nil) }
                state.isOwnerCalled = true
                return (true, false, state.owner)
            }
        }
        if mustRing { bell.ring() }
        owner?.unpark()
        return isTaken
    }

    // MARK: The reader

    /// Puts all jobs that wait into `jobs`, oldest first. It must be empty; its storage is used for the next ones.
    func take(into jobs: inout [Job]) {
        precondition(jobs.isEmpty, "what was not done yet is forgotten when new jobs take its place")
        state.withLock { state in
            state.reader = .awake
            swap(&jobs, &state.jobs)
            waiting.store(0, ordering: .releasing)
        }
    }

    /// The reader is about to wait on the bell; false when it must not, since there are jobs.
    func sleep() -> Bool {
        state.withLock { state in
            let maySleep = state.jobs.isEmpty && !state.isNudged
            state.reader = maySleep ? .asleep : .awake
            state.isNudged = false
            return maySleep
        }
    }

    /// Silences the bell.
    func wake() { bell.clear() }

    /// The same for what is left; nothing more is let in.
    func close(into jobs: inout [Job]) {
        state.withLock { $0.isOpen = false }
        take(into: &jobs)
    }

    // MARK: Guests

    /// Makes the calling thread the reader; false when there is one.
    func takeOver() -> Bool {
        state.withLock { state in
            guard case .absent = state.reader, !state.isOwnerCalled else { return false }
            state.reader = .awake
            state.visits &+= 1
            (state.guest, state.isGuided, state.isNudged) = (Parkers.current, true, false)
            return true
        }
    }

    /// Has a guest that sleeps, or is about to, look up: what it waits for may have come by another way than a job.
    func nudge() {
        let mustRing = state.withLock { state in
            guard state.isGuided else { return false }
            state.isNudged = true
            guard case .asleep = state.reader else { return false }
            state.reader = .awake
            return true
        }
        if mustRing { bell.ring() }
    }

    /// The guest leaves. With `isOwnerNeeded`, the owner goes back to work at once.
    func giveBack(isOwnerNeeded: Bool) {
        let owner: (any Parker)? = state.withLock { state in
            state.reader = .absent
            (state.isGuided, state.isNudged) = (false, false)
            if isOwnerNeeded || !state.jobs.isEmpty || !state.candidates.isEmpty { state.isOwnerCalled = true }
            guard state.isOwnerCalled || state.isOwnerPatient else { return nil }
            return state.owner
        }
        owner?.unpark()
    }

    /// Remembers a thread that blocks, to be unparked when it may try to take over.
    func addCandidate(_ parker: any Parker) {
        state.withLock { state in
            state.candidates.append(parker)
            candidateCount.store(state.candidates.count, ordering: .releasing)
        }
    }

    func removeCandidate(_ parker: any Parker) {
        state.withLock { state in
            state.candidates.removeAll { $0 === parker }
            candidateCount.store(state.candidates.count, ordering: .releasing)
        }
    }

    /// Does exactly one thread block for an answer? Two would only be in each other's way.
    var hasCandidate: Bool { candidateCount.load(ordering: .acquiring) == 1 }

    // MARK: The owner

    /// The owner lets the one who blocks take over, and stands by: until it is called, or nobody has come for as long
    /// as `pause`.
    func standBy(pause: Duration) {
        let parker = Parkers.current
        var seen: UInt64 = 0
        let candidate: (any Parker)? = state.withLock { state in
            seen = state.visits
            guard state.jobs.isEmpty, let candidate = state.candidates.first else { return nil }
            (state.reader, state.owner, state.isOwnerCalled) = (.absent, parker, false)
            return candidate
        }
        guard let candidate else { return }
        candidate.unpark()
        var isPatient = false
        while true {
            let isCalled = parker.park(timeout: isPatient ? nil : pause)
            let hasReturned = state.withLock { state in
                guard case .absent = state.reader else {
                    // A guest that was there all the while stays long; one that has just come may not.
                    isPatient = !isCalled
                    state.isOwnerPatient = isPatient
                    return false
                }
                (isPatient, state.isOwnerPatient) = (false, false)
                guard state.isOwnerCalled || state.visits == seen else {
                    seen = state.visits
                    return false
                }
                (state.reader, state.owner, state.isOwnerCalled) = (.awake, nil, false)
                return true
            }
            if hasReturned { return }
        }
    }
}
