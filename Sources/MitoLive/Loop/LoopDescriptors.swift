import MitoLinux
import Mitoscope

/// Descriptors that the program waits for.
extension Loop {
    /// Whoever waited for what it can do now goes on.
    mutating func becameReady(_ number: Int32, _ news: Watchlist.News) {
        desk.descriptors.became(readable: news.isReadable, writable: news.isWritable, number)
        watchDescriptors()
    }

    /// Watches what somebody waits for, and nothing else: what stays ready would be reported again and again.
    mutating func watchDescriptors() {
        for number in desk.descriptors.takeChanged() {
            let (reads, writes) = desk.descriptors.interest(in: number)
            let owner = watchlist.owner(of: number)
            if let owner, owner != .program(number) {
                desk.descriptors.failed(number, because: "it is the broker's own")
            } else if !reads, !writes {
                watchlist.forget(number)
            } else {
                do throws(SystemError) {
                    try watchlist.watch(number, for: .program(number), reads: reads, writes: writes)
                } catch {
                    desk.descriptors.failed(number, because: error.reason)
                }
            }
        }
    }
}
