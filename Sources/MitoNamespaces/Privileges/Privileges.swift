import Glibc
import MitoLinux

/// What this process may do, and the one place where it does it: nothing is in the effective set but during one call.
///
///     var privileges = try Privileges()
///     try privileges.perform(.changeRoot, .root, "its root directory") { chroot(".") }
struct Privileges {
    /// What can be raised.
    private(set) var permitted: CapabilitySet
    /// What a program that is executed may get.
    private var inheritable: CapabilitySet = []

    /// Reads what the process was started with, and empties the effective and the inheritable set.
    init() throws(Refusal) {
        permitted = try CapabilitySets.ofProcess().permitted
        try CapabilitySets(permitted: permitted).apply()
    }

    /// Runs one system call with what it takes, as far as that is there, and with nothing before and after it.
    ///
    /// A capability that is not there may not be needed: an owner has more rights than a stranger. So it is asked for
    /// only when the kernel has refused.
    ///
    /// - Parameter becomesOwner: does success put this process into a user namespace where it may do everything?
    @discardableResult
    mutating func perform<Number: SignedInteger>(
        _ privilege: Privilege, _ stage: Refusal.Stage, _ text: @autoclosure () -> String,
        becomesOwner: Bool = false, _ body: () -> Number
    ) throws(Refusal) -> Number {
        // Prepared beforehand: nothing may come between raising, the call and lowering.
        let raised = privilege.capabilities.intersection(permitted)
        let during = CapabilitySets(permitted: permitted, effective: raised, inheritable: inheritable).prepared()
        let after = CapabilitySets(permitted: permitted, inheritable: inheritable).prepared()
        let asOwner = becomesOwner ? CapabilitySets(permitted: .all).prepared() : after
        if !raised.isEmpty { try during.apply() }
        let result = body()
        let code = errno
        if result >= 0, becomesOwner {
            try asOwner.apply()
            (permitted, inheritable) = (.all, [])
        } else if !raised.isEmpty || privilege == .setUser {
            try after.apply()
        }
        if result >= 0 { return result }
        let missing = privilege.capabilities.subtracting(raised)
        guard code == EPERM || code == EACCES, !missing.isEmpty else {
            throw Refusal(stage, SystemError("\(privilege.call)", code), text())
        }
        throw .missing(missing, for: privilege, stage, code, text())
    }

    /// Lets a program that is executed keep these, and nothing else.
    mutating func keep(_ capabilities: CapabilitySet) throws(Refusal) {
        let missing = capabilities.subtracting(permitted)
        guard missing.isEmpty else {
            throw Refusal(
                .capabilities, code: EPERM, status: NamespaceContract.forbiddenStatus,
                "--keep-capability: \(missing) cannot be kept, mito-ns does not have it here")
        }
        try CapabilitySets(permitted: permitted, inheritable: capabilities).apply()
        inheritable = capabilities
    }

    /// The last step: what is kept becomes ambient, so that exec makes it effective; all else is given up for good.
    ///
    /// - Parameter keepsPermitted: exec gives the superuser the bounding set again. Where that was asked for nothing is
    ///   gained by giving it up; and a process that gets more by exec no longer dies with its parent.
    mutating func settle(keepsPermitted: Bool) throws(Refusal) {
        let rest = keepsPermitted ? permitted : inheritable
        try CapabilitySets.clearAmbient()
        try CapabilitySets(permitted: rest, inheritable: inheritable).apply()
        for capability in inheritable.elements { try CapabilitySets.makeAmbient(capability) }
        permitted = rest
    }
}

extension Refusal {
    /// A call that the kernel refused, where capabilities would have helped.
    static func missing(
        _ missing: CapabilitySet, for privilege: Privilege, _ stage: Stage, _ code: Int32, _ text: String
    ) -> Refusal {
        Refusal(
            stage, code: code, status: NamespaceContract.forbiddenStatus,
            "\(text): \(privilege.call) takes \(missing) \(privilege.reason), which mito-ns does not have here; "
                + Grant.hint)
    }
}
