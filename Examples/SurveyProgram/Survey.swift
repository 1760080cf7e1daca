import MitoCore
public import Mitoscope

/// A program that uses a tree of contexts as programs do: with task groups, actors, streams, time-outs, continuations
/// and the main actor. It knows nothing of worlds, and its result is the same in all.
///
/// ```swift
/// print(try await withRouter(image: ContextProgram.ownImage, survey))
/// print(try withSimulatedRouter(seed: 7, functions: SurveyFunctions.all, survey).result)
/// ```
public func survey(_ router: Router) async throws -> String {
    let stations = try await openStations(router)
    let ledger = Ledger()
    let progress = await Progress()

    let clock = Task { try await tick(progress) }
    try await collect(from: stations, into: ledger)
    clock.cancel()
    await progress.finish()

    async let weights = weigh(at: stations)
    async let people = stations[0].call(SurveyFunctions.census, 12)
    let lines = await ledger.lines
    let report = try await [
        "stations: \(stations.compactMap(\.name).joined(separator: " "))",
        "names: \(names(of: stations).joined(separator: " "))",
        "weights: \(weights)",
        "people: \(people)",
        "first come: \(firstCome(stations).joined(separator: " "))",
        "counted: \(count(at: stations[0], router))",
        "refused: \(refusal(at: stations[1]))",
        "too late: \(isLate(stations[2]))",
        "given up: \(isGivenUp(stations[2]))",
        "met: \(meet())",
        "progress: \(progress.isFinished)",
    ]
    return (report + lines).joined(separator: "\n")
}

// MARK: The tree

/// A gate, and stations behind it, all started at once.
private func openStations(_ router: Router) async throws -> [Context] {
    let gate = try await router.local(name: "gate")
    return try await withThrowingTaskGroup(of: (Int, Context).self) { group in
        for (place, name) in ["north", "east", "south"].enumerated() {
            group.addTask { (place, try await router.local(name: name, via: gate)) }
        }
        var stations: [(place: Int, context: Context)] = []
        for try await station in group { stations.append(station) }
        return stations.sorted { $0.place < $1.place }.map(\.context)
    }
}

private func names(of stations: [Context]) async throws -> [String] {
    var names: [String] = []
    for station in stations { names.append(try await station.call(SurveyFunctions.name)) }
    return names
}

// MARK: Many sources, one stream

/// Samples every station again and again, and enters whatever comes first as it comes.
private func collect(from stations: [Context], into ledger: Ledger) async throws {
    let (readings, source) = AsyncThrowingStream<Reading, any Error>.makeStream()
    let sampling = Task {
        do {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for station in stations {
                    group.addTask {
                        for round in 1...4 { source.yield(try await station.call(SurveyFunctions.sample, round)) }
                    }
                }
                try await group.waitForAll()
            }
            source.finish()
        } catch {
            source.finish(throwing: error)
        }
    }
    for try await reading in readings { await ledger.enter(reading) }
    await sampling.value
}

/// All readings, in whatever order they came.
private actor Ledger {
    private var readings: [String: [Reading]] = [:]

    func enter(_ reading: Reading) { readings[reading.station, default: []].append(reading) }

    /// One line for each station.
    var lines: [String] {
        readings.keys.sorted().map { station in
            let values = readings[station, default: []].map { "\($0.round):\($0.value)" }
            return "\(station): \(values.joined(separator: " "))"
        }
    }
}

/// Asks all stations at once, and takes the answers in the order in which they come.
private func firstCome(_ stations: [Context]) async throws -> [String] {
    var names: [String] = []
    for try await name in Select(stations.map { $0.callAsync("survey.name") }) {
        if case .text(let name) = name { names.append(name.string) }
    }
    return names.sorted()
}

/// Lets a station send as it likes, for as long as it likes.
private func count(at station: Context, _ router: Router) async throws -> Int {
    let receiver = try await Receiver(router)
    try await station.call(SurveyFunctions.count, receiver.sender(), 20)
    var sum = 0
    for try await number in receiver.decoding(Int.self) { sum += number }
    return sum
}

// MARK: Errors, time-outs and giving up

private func weigh(at stations: [Context]) async throws -> [Int] {
    try await withThrowingTaskGroup(of: Int.self) { group in
        for (place, station) in stations.enumerated() {
            group.addTask { try await station.call(SurveyFunctions.weigh, Array(1...(10 * (place + 1)))) }
        }
        return try await group.reduce(into: []) { $0.append($1) }.sorted()
    }
}

private func refusal(at station: Context) async -> String {
    do {
        return "no: \(try await station.call(SurveyFunctions.refuse))"
    } catch {
        return error.message.split(separator: "\n").first.map(String.init) ?? ""
    }
}

/// The call's own time-out.
private func isLate(_ station: Context) async -> Bool {
    do {
        try await station.call(SurveyFunctions.doze, timeout: .milliseconds(30))
        return false
    } catch {
        return error.code == .timeout
    }
}

/// A race between a call and a sleep: whoever loses is cancelled.
private func isGivenUp(_ station: Context) async throws -> Bool {
    try await withThrowingTaskGroup(of: Bool.self) { group in
        group.addTask {
            try await station.call(SurveyFunctions.doze)
            return false
        }
        group.addTask {
            try await Task.sleep(for: .milliseconds(30))
            return true
        }
        defer { group.cancelAll() }
        return try await group.next() ?? false
    }
}

// MARK: Continuations and the main actor

/// Two tasks that wait for each other.
private func meet() async -> Int {
    let door = Door()
    async let guest = door.wait()
    await door.open(with: 3)
    return await guest
}

/// Opens once; whoever waits goes through then.
private actor Door {
    private var value: Int?
    private var waiting: [CheckedContinuation<Int, Never>] = []

    func wait() async -> Int {
        if let value { return value }
        return await withCheckedContinuation { waiting.append($0) }
    }

    func open(with value: Int) {
        self.value = value
        for continuation in waiting { continuation.resume(returning: value) }
        waiting = []
    }
}

/// Keeps the program's user posted until it is cancelled.
private func tick(_ progress: Progress) async throws {
    while true {
        try await Task.sleep(for: .milliseconds(2))
        await progress.tick()
    }
}

/// What a window would show.
@MainActor private final class Progress {
    private(set) var isFinished = false
    private var ticks = 0

    init() {}

    func tick() {
        MainActor.assertIsolated()
        ticks += isFinished ? 0 : 1
    }

    func finish() { isFinished = true }
}
