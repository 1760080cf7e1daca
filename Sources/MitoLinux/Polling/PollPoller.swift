import Glibc

/// A poller on poll(2), which every Unix has: a wait costs what is watched.
public final class PollPoller: Poller {
    private var watched: [pollfd] = []
    private var tokens: [UInt64] = []

    /// Watches nothing yet.
    public init() {}

    public func add(_ number: Int32, token: UInt64, reads: Bool, writes: Bool) throws(SystemError) {
        guard index(of: number) == nil else { throw SystemError("poll", EEXIST) }
        watched.append(pollfd(fd: number, events: events(reads, writes), revents: 0))
        tokens.append(token)
    }

    public func change(_ number: Int32, token: UInt64, reads: Bool, writes: Bool) throws(SystemError) {
        guard let index = index(of: number) else { throw SystemError("poll", ENOENT) }
        watched[index].events = events(reads, writes)
        tokens[index] = token
    }

    public func remove(_ number: Int32) {
        guard let index = index(of: number) else { return }
        watched.remove(at: index)
        tokens.remove(at: index)
    }

    public func wait(milliseconds: Int32, into news: inout [Readiness]) throws(SystemError) {
        do throws(SystemError) {
            try system("poll", isRestarted: false) { poll(&watched, nfds_t(watched.count), milliseconds) }
        } catch {
            if error.code == EINTR { return }
            throw error
        }
        let broken = POLLHUP | POLLERR | POLLNVAL
        for (entry, token) in zip(watched, tokens) where entry.revents != 0 {
            let happened = Int32(entry.revents)
            news.append(
                Readiness(
                    token: token,
                    isReadable: happened & (POLLIN | broken) != 0,
                    isWritable: happened & (POLLOUT | broken) != 0))
        }
    }

    private func index(of number: Int32) -> Int? { watched.firstIndex { $0.fd == number } }

    private func events(_ reads: Bool, _ writes: Bool) -> Int16 { Int16((reads ? POLLIN : 0) | (writes ? POLLOUT : 0)) }
}
