import CMitoSimulator

extension Simulation {
    /// Makes the order of every `Set` and `Dictionary` of this process the same in each of its runs.
    ///
    /// Swift's hash seeds belong to the process, not to a thread, so a simulation cannot fix them for user code alone:
    /// a program whose user code walks through hash tables says so, first thing in `main`. Tables that were made before
    /// lose what is in them. Without it a run that depends on such an order differs from process to process, which
    /// comparing two runs shows.
    public static func fixHashSeeds() { mito_fix_hash_seeds() }
}
