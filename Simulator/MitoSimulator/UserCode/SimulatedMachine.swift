import CMitoSimulator
import MitoCore
import MitoLinks

/// What user code sees of the machine it runs on: clocks under virtual time, and chance that the seed decides.
///
/// A thread sees it between entering and leaving; every other thread of the process sees the real machine.
///
/// `@safe`: the pointer lives exactly as long as the object, and whoever enters holds the object.
@safe final class SimulatedMachine {
    private let machine = UnsafeMutablePointer<mito_machine>.allocate(capacity: 1)

    init(seed: UInt64) {
        var chance = Random(seed: seed, stream: "chance of user code")
        let new = unsafe mito_machine(
            owner: nil, now: 0, chance: chance.next(), drawn: 0, used_dispatch: 0, made_thread: 0)
        unsafe machine.initialize(to: new)
    }

    deinit { unsafe machine.deallocate() }

    /// Where its clocks stand.
    var now: Instant {
        get { unsafe Instant(nanoseconds: machine.pointee.now) }
        set { unsafe machine.pointee.now = newValue.nanoseconds }
    }

    /// How many bytes of chance user code asked for.
    var bytesDrawn: UInt64 { unsafe machine.pointee.drawn }

    /// The way out of the simulation that user code was seen to take.
    var leak: (kind: Escape.Kind, what: String)? {
        if unsafe machine.pointee.used_dispatch != 0 { return (.dispatchQueue, "work was given to a dispatch queue") }
        if unsafe machine.pointee.made_thread != 0 { return (.newThread, "a thread was made") }
        return nil
    }

    /// Names the simulation that has this machine; it must hold it.
    func belong(to owner: UserCode) { unsafe machine.pointee.owner = Unmanaged.passUnretained(owner).toOpaque() }

    /// Runs `body` with the calling thread on this machine.
    func enter<Result>(_ body: () throws -> Result) rethrows -> Result {
        let before = unsafe mito_machine_entered()
        unsafe mito_machine_enter(machine)
        defer { unsafe mito_machine_enter(before) }
        return try body()
    }

    /// The code on whose machine the calling thread is; nil in the real world.
    static var userCode: UserCode? {
        guard let owner = unsafe mito_machine_entered()?.pointee.owner else { return nil }
        return unsafe Unmanaged<UserCode>.fromOpaque(owner).takeUnretainedValue()
    }
}
