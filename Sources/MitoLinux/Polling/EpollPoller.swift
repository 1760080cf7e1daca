import CMitoLinux
import Glibc

/// A poller whose table is in the kernel: a wait costs what happened, not what is watched.
public final class EpollPoller: Poller {
    private let table: FileDescriptor
    private let room: UnsafeMutableBufferPointer<epoll_event>

    /// Watches nothing yet.
    public init() throws(SystemError) {
        table = FileDescriptor(owning: try system("epoll_create1") { epoll_create1(Int32(EPOLL_CLOEXEC)) })
        room = .allocate(capacity: 128)
    }

    deinit { room.deallocate() }

    /// The table's own descriptor, which another poller may watch: readable when a wait would not have to wait.
    public var number: Int32 { table.number }

    public func add(_ number: Int32, token: UInt64, reads: Bool, writes: Bool) throws(SystemError) {
        try control(EPOLL_CTL_ADD, number, token, reads, writes)
    }

    public func change(_ number: Int32, token: UInt64, reads: Bool, writes: Bool) throws(SystemError) {
        try control(EPOLL_CTL_MOD, number, token, reads, writes)
    }

    public func remove(_ number: Int32) {
        // It fails only for what is not watched, and then there is nothing to undo.
        try? control(EPOLL_CTL_DEL, number, 0, false, false)
    }

    public func wait(milliseconds: Int32, into news: inout [Readiness]) throws(SystemError) {
        let count: Int32
        do throws(SystemError) {
            count = try system("epoll_wait", isRestarted: false) {
                epoll_wait(table.number, room.baseAddress!, Int32(room.count), milliseconds)
            }
        } catch {
            if error.code == EINTR { return }
            throw error
        }
        let broken = EPOLLHUP.rawValue | EPOLLERR.rawValue
        for event in room[..<Int(count)] {
            news.append(
                Readiness(
                    token: event.data.u64,
                    isReadable: event.events & (EPOLLIN.rawValue | broken) != 0,
                    isWritable: event.events & (EPOLLOUT.rawValue | broken) != 0))
        }
    }

    private func control(
        _ operation: Int32, _ number: Int32, _ token: UInt64, _ reads: Bool, _ writes: Bool
    ) throws(SystemError) {
        var event = epoll_event()
        event.events = (reads ? EPOLLIN.rawValue : 0) | (writes ? EPOLLOUT.rawValue : 0)
        event.data.u64 = token
        try system("epoll_ctl") { epoll_ctl(table.number, operation, number, &event) }
    }
}
