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
    private var owners: [UInt64: Owner] = [:]
    private var tokens: [Int32: UInt64] = [:]
    private var nextToken: UInt64 = 1
    private var found: [Readiness] = []

    init(_ poller: any Poller) { self.poller = poller }

    /// Starts to watch a descriptor, or watches it for something else.
    func watch(_ number: Int32, for owner: Owner, reads: Bool, writes: Bool = false) throws(SystemError) {
        if let token = tokens[number] {
            return try poller.change(number, token: token, reads: reads, writes: writes)
        }
        // A token is never used twice: late news about a closed descriptor is about nobody.
        let token = nextToken
        nextToken += 1
        try poller.add(number, token: token, reads: reads, writes: writes)
        owners[token] = owner
        tokens[number] = token
    }

    /// Whose descriptor it is; nil when it is not watched.
    func owner(of number: Int32) -> Owner? { tokens[number].flatMap { owners[$0] } }

    /// Stops to watch it; must come before it is closed. Nothing happens when it is not watched.
    func forget(_ number: Int32) {
        guard let token = tokens.removeValue(forKey: number) else { return }
        owners[token] = nil
        poller.remove(number)
    }

    /// Waits for news.
    ///
    /// - Parameter milliseconds: 0 only looks, -1 waits for as long as it takes.
    func wait(milliseconds: Int32) -> [News] {
        found.removeAll(keepingCapacity: true)
        do throws(SystemError) {
            try poller.wait(milliseconds: milliseconds, into: &found)
        } catch {
            fatalError("a poller of our own cannot be waited on: \(error)")
        }
        return found.compactMap { readiness in
            guard let owner = owners[readiness.token] else { return nil }
            return News(owner: owner, isReadable: readiness.isReadable, isWritable: readiness.isWritable)
        }
    }
}
