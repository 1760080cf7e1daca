import CLibcap
import Glibc
import MitoLinux

/// The three sets of a process: what can be raised, what is raised, and what a program that is executed may get.
struct CapabilitySets: Equatable {
    var permitted: CapabilitySet = []
    var effective: CapabilitySet = []
    var inheritable: CapabilitySet = []

    /// Those that this process has.
    static func ofProcess() throws(Refusal) -> CapabilitySets {
        guard let state = cap_get_proc() else { throw failure("cap_get_proc", errno) }
        defer { cap_free(UnsafeMutableRawPointer(state)) }
        func read(_ flag: cap_flag_t) -> CapabilitySet {
            CapabilitySet(
                CapabilitySet.all.elements.filter { capability in
                    var value = CAP_CLEAR
                    return cap_get_flag(state, capability.number, flag, &value) == 0 && value == CAP_SET
                })
        }
        return CapabilitySets(
            permitted: read(CAP_PERMITTED), effective: read(CAP_EFFECTIVE), inheritable: read(CAP_INHERITABLE))
    }

    /// In the form that one system call takes.
    func prepared() -> Prepared { Prepared(self) }

    /// Makes them those of this process.
    func apply() throws(Refusal) { try prepared().apply() }

    /// What this process cannot get any more, whatever it executes, is not in here.
    static func bounding() -> CapabilitySet {
        CapabilitySet(CapabilitySet.all.elements.filter { cap_get_bound($0.number) == 1 })
    }

    /// Takes out of the ambient set, which programs without capabilities of their own keep, all that is in it.
    static func clearAmbient() throws(Refusal) {
        guard cap_reset_ambient() == 0 else { throw failure("prctl", errno) }
    }

    /// Puts one into it; it must be permitted and inheritable.
    static func makeAmbient(_ capability: Capability) throws(Refusal) {
        guard cap_set_ambient(capability.number, CAP_SET) == 0 else { throw failure("prctl", errno) }
    }

    private static func failure(_ call: String, _ code: Int32) -> Refusal {
        Refusal(.capabilities, SystemError(call, code), "its own capabilities")
    }

    /// Sets in the memory of libcap, so that applying them is the system call and nothing else.
    final class Prepared {
        private let state: cap_t?

        fileprivate init(_ sets: CapabilitySets) {
            state = cap_init()
            set(CAP_PERMITTED, to: sets.permitted)
            set(CAP_EFFECTIVE, to: sets.effective)
            set(CAP_INHERITABLE, to: sets.inheritable)
        }

        private func set(_ flag: cap_flag_t, to capabilities: CapabilitySet) {
            let numbers = capabilities.elements.map(\.number)
            guard !numbers.isEmpty else { return }
            cap_set_flag(state, flag, Int32(numbers.count), numbers, CAP_SET)
        }

        func apply() throws(Refusal) {
            guard cap_set_proc(state) == 0 else { throw CapabilitySets.failure("capset", errno) }
        }

        deinit { cap_free(state.map(UnsafeMutableRawPointer.init)) }
    }
}
