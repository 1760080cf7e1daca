/// Folds a state into one number, the same in every process: nothing of a hash table's order gets in.
struct StateDigest: Sendable {
    private(set) var value: UInt64 = 0x6D69_746F_7363_6F70

    mutating func fold(_ word: UInt64) { value = PayloadDigest.mixed(value &* 31 ^ word) }
    mutating func fold(_ word: UInt32) { fold(UInt64(word)) }
    mutating func fold(_ bytes: [UInt8]) { fold(PayloadDigest.of(bytes.span)) }
    mutating func fold(_ text: String) { fold(Array(text.utf8)) }
}

extension Node {
    func fold(into digest: inout StateDigest) {
        digest.fold(identity?.name ?? "")
        digest.fold(ownID.rawValue)
        for id in identity?.ancestors ?? [] { digest.fold(id.rawValue) }
        for id in links.ids {
            let link = links[id]
            digest.fold(id.rawValue)
            digest.fold(link.name.rawValue)
            digest.fold("\(link.state)")
            digest.fold(link.framesIn)
            digest.fold(link.framesOut)
            digest.fold(link.inbound)
            digest.fold(link.outbound)
            for context in link.reachable.ids { digest.fold(context.rawValue) }
        }
        for handle in handles.handles { digest.fold(handle.rawValue) }
        for context in handles.respondents { digest.fold(context.rawValue) }
        digest.fold(connecting.ids.lowerBound)
        digest.fold(UInt64(connecting.pending.count))
        digest.fold(UInt64(connecting.awaitingIDs.count))
        digest.fold(UInt64(dispatcher.count))
        digest.fold(UInt64(dispatcher.waitingBytes))
        digest.fold(UInt64(timers.count))
        digest.fold(UInt64(bitPattern: timers.next?.nanoseconds ?? -1))
        digest.fold(UInt64(orders.count))
        for link in ready { digest.fold(link.rawValue) }
        digest.fold("\(ending)")
    }
}
