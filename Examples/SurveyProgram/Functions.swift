public import Mitoscope

/// The image of the survey's contexts: what can be called there.
public enum SurveyFunctions {
    public static let all: [any ImageFunction] = [weigh, sum, sample, census, name, count, refuse, doze]

    /// Blocks its thread, as code that computes or reads files does; its own calls block too.
    static let weigh = RemoteFunction("survey.weigh", labels: ["load"]) { (context: CallContext, load: [Int]) in
        let helper = try context.router.local(name: "helper")
        defer { try? helper.shutdown() }
        let halves = try [load.prefix(load.count / 2), load.dropFirst(load.count / 2)].map { half in
            try helper.call(sum, Array(half))
        }
        return halves.reduce(0, +)
    }

    /// Takes its time, as code that waits for others does.
    static let sample = RemoteFunction("survey.sample", labels: ["round"]) { (context: CallContext, round: Int) in
        try await Task.sleep(for: .milliseconds(5 * (round % 3)))
        return Reading(station: context.name, round: round, value: round * round + context.name.utf8.count)
    }

    /// Has tasks of its own that share an actor.
    static let census = RemoteFunction("survey.census", labels: ["people"]) { (_: CallContext, people: Int) in
        let register = Register()
        await withTaskGroup(of: Void.self) { group in
            for person in 1...people {
                group.addTask {
                    await Task.yield()
                    await register.enter(person)
                }
            }
        }
        return await register.count
    }

    /// So short that it may run on the loop itself.
    static let name = RemoteFunction("survey.name", .inline) { (context: CallContext) in context.name }

    /// Sends numbers to a receiver of its caller's, then says that this is all.
    static let count = RemoteFunction("survey.count") { (_: CallContext, sender: Sender, numbers: Int) in
        for number in 1...numbers { try sender.send(number) }
        sender.close()
    }

    static let refuse = RemoteFunction("survey.refuse") { () throws -> Int in throw Refusal.closedOnSundays }

    /// Longer than anybody waits.
    static let doze = RemoteFunction("survey.doze") { () async throws in try await Task.sleep(for: .seconds(3600)) }

    private static let sum = RemoteFunction("survey.sum") { (numbers: [Int]) in numbers.reduce(0, +) }
}

/// What a station saw in one round.
public struct Reading: Codable, Hashable, Sendable {
    public let station: String
    public let round: Int
    public let value: Int
}

enum Refusal: Error { case closedOnSundays }

/// Who was seen, each once.
private actor Register {
    private var people: Set<Int> = []

    var count: Int { people.count }

    func enter(_ person: Int) { people.insert(person) }
}
