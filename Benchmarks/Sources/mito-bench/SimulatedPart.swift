import MitoSimulator

/// Frames per second that one core moves over simulated links, with the trace and its hash on.
///
/// A hundred pairs of contexts call `echo` without a pause, in a tree that came up through the real handshake. Every
/// hop is a production decode, route and encode.
func hopsInSimulation(contexts: Int) -> Double {
    let load = BusyPairs(contexts: contexts)
    _ = load.run(hops: 20_000)
    let clock = ContinuousClock()
    let start = clock.now
    let hops = load.run(hops: 400_000)
    return Double(hops) / ((clock.now - start) / .seconds(1))
}
