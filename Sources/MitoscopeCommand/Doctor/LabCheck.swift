import MitoLab

/// Can this machine have labs? A lab of one host is made and ended.
enum LabCheck {
    /// Why there can be none; nil when there can.
    static let whyNot: String? = {
        var plan = LabPlan(seed: 0)
        plan.add("probe")
        do throws(LabFailure) {
            try Lab.start(plan, .shipped).end()
            return nil
        } catch {
            return error.description
        }
    }()
}
