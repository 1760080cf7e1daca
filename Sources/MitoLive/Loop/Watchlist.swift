import MitoCore
import MitoLinux

/// The descriptors that a loop watches, and whose they are.
final class Watchlist {
    /// Whose descriptor it is.
    enum Owner: Hashable {
        case mailbox
        case link(LinkID)
        case process(LinkID)
        case errors(LinkID)
        /// What a child says that could not enter its namespaces.
        case report(LinkID)
        /// The search for the leader of a container that a child is to enter.
        case search(LinkID)
        case stdio(StdioCapture.Channel)
        /// A descriptor of the program's.
        case program(Int32)
        case request
    }

    /// What one descriptor can do now.
    struct News: Hashable {
        var owner: Owner
        var isReadable: Bool
        var isWritable: Bool
    }

    private let poller: any Poller
    /// A place for what is watched. It is used again, with another generation.
    private struct Place {
        var generation: UInt32 = 0
        var owner: Owner?
    }

    private var places: [Place] = []
    private var free: [UInt32] = []
    /// Of a watched descriptor: its place, and above it that one's generation.
    private var tokens: [Int32: UInt64] = [:]
    private var found: [Readiness] = []

    init(_ poller: any Poller) { self.poller = poller }

    /// Starts to watch a descriptor, or watches it for something else.
    func watch(_ number: Int32, for owner: Owner, reads: Bool, writes: Bool = false) throws(SystemError) {
        if let token = tokens[number] {
            return try poller.change(number, token: token, reads: reads, writes: writes)
        }
        if free.isEmpty {
            free.append(UInt32(places.count))
            places.append(Place())
        }
        let place = free[free.count - 1]
        let token = UInt64(places[Int(place)].generation) << 32 | UInt64(place)
        try poller.add(number, token: token, reads: reads, writes: writes)
        free.removeLast()
        places[Int(place)].owner = owner
        tokens[number] = token
    }

    /// Whose descriptor it is; nil when it is not watched.
    func owner(of number: Int32) -> Owner? { tokens[number].flatMap { owner(token: $0) } }

    /// Stops to watch it; must come before it is closed. Nothing happens when it is not watched.
    func forget(_ number: Int32) {
        guard let token = tokens.removeValue(forKey: number) else { return }
        let place = UInt32(truncatingIfNeeded: token)
        // Late news about a closed descriptor is about nobody.
        places[Int(place)].generation &+= 1
        places[Int(place)].owner = nil
        free.append(place)
        poller.remove(number)
    }

    /// Waits for news, and appends them.
    ///
    /// - Parameter milliseconds: 0 only looks, -1 waits for as long as it takes.
    func wait(milliseconds: Int32, into news: inout [News]) {
        found.removeAll(keepingCapacity: true)
        do throws(SystemError) {
            try poller.wait(milliseconds: milliseconds, into: &found)
        } catch {
            fatalError("a poller of our own cannot be waited on: \(error)")
        }
        for readiness in found {
            guard let owner = owner(token: readiness.token) else { continue }
            news.append(News(owner: owner, isReadable: readiness.isReadable, isWritable: readiness.isWritable))
        }
    }

    private func owner(token: UInt64) -> Owner? {
        let place = places[Int(UInt32(truncatingIfNeeded: token))]
        return place.generation == UInt32(token >> 32) ? place.owner : nil
    }
}
