/// Bytes in, bytes out: a frame is found, checked, and delivered here or written to the next link.
extension Node {
    /// Cuts the bytes that came in into frames. A frame that is whole is read where it lies; only the beginning of
    /// one whose end has not come is kept.
    mutating func readFrames(_ bytes: Span<UInt8>, on link: LinkID) {
        if isDeaf(link) { return lose(link, because: .queueFull, "it writes, but does not read") }
        guard !links[link].inbound.isEmpty else {
            let consumed = readWholeFrames(bytes, on: link)
            if consumed < bytes.count, isOpen(link) {
                links[link].inbound.append(bytes.extracting(consumed..<bytes.count))
            }
            return
        }
        var pending: [UInt8] = []
        swap(&pending, &links[link].inbound)
        pending.append(bytes)
        let consumed = readWholeFrames(pending.span, on: link)
        guard isOpen(link) else { return }
        pending.removeFirst(consumed)
        swap(&pending, &links[link].inbound)
    }

    private mutating func readWholeFrames(_ bytes: Span<UInt8>, on link: LinkID) -> Int {
        var offset = 0
        while isOpen(link) {
            let header: FrameHeader
            do throws(FrameError) {
                guard let next = try FrameHeader(bytes, at: offset, payloadMax: configuration.messageBytesMax) else {
                    break
                }
                header = next
            } catch {
                corrupt(link, error, bytes.extracting(offset..<min(bytes.count, offset + 64)))
                return bytes.count
            }
            let start = offset + FrameHeader.byteCount
            let end = start + Int(header.length)
            guard end <= bytes.count else { break }
            frameArrived(header, bytes.extracting(start..<end), on: link)
            offset = end
        }
        return offset
    }

    @inline(__always)
    func isOpen(_ link: LinkID) -> Bool { links.contains(link) && links[link].state == .open }

    private mutating func frameArrived(_ header: FrameHeader, _ payload: Span<UInt8>, on link: LinkID) {
        links[link].framesIn += 1
        var digest: UInt64?
        if journal.isKept {
            let place = FramePlace(link: links[link].name, upward: !links[link].isUp, ordinal: links[link].framesIn)
            let known = PayloadDigest.of(payload)
            digest = known
            journal.begin(.frameIn) { $0.describe(header, digest: known, at: place) }
        } else {
            let digest = header.handle == .delRoute ? PayloadDigest.of(payload) : 0
            journal.cause = 0
            journal.cause = journal.noteUnseen(
                .frameIn, header, digest: digest, link: links[link].name, isUpward: !links[link].isUp,
                ordinal: links[link].framesIn)
        }
        #if PLANTED_DEFECTS
            if swallowed?.takes(header) ?? false { return }
        #endif
        if let objection = routes.objection(to: header, from: link) {
            return refuseForged(header, objection, from: link)
        }
        // A parent hears of every loss, whatever it addressed.
        if !links[link].isUp { links[link].addressed.insert(header.destination) }
        route(header, payload, digest, from: link)
    }

    /// Sends a message of this context's own, wherever it goes.
    mutating func originate(_ message: Message) {
        if message.payload.count > configuration.messageBytesMax { return refuseTooLarge(message) }
        route(FrameHeader(message), message.payload.span, nil, from: nil)
    }

    /// - Parameter digest: the payload's, as far as it is known.
    private mutating func route(
        _ header: FrameHeader, _ payload: Span<UInt8>, _ digest: UInt64?, from arrival: LinkID?
    ) {
        switch routes.decide(header, from: arrival, remote: { links[$0].remote }) {
        case .deliver: deliver(header, payload, from: arrival)
        case .forward(let link):
            if arrival != nil, hasNoRoom(for: header, on: link) { return refuseForRoom(header, on: link) }
            write(header, payload, digest, to: link)
        case .refuse(let reason): bounce(header, reason)
        }
    }

    /// Relays never stop reading, or two of them could wait for each other for ever. So what is forwarded to a
    /// neighbour that does not read is refused at a limit; dead messages, ends and logs get twice the room.
    @inline(__always)
    private func hasNoRoom(for header: FrameHeader, on link: LinkID) -> Bool {
        guard isOpen(link), links[link].outbound.count > configuration.queueBytesMax else { return false }
        let isExempt = header.isDead || header.handle == .shutdown || header.handle == .forwardLog
        return !isExempt || links[link].outbound.count / 2 > configuration.queueBytesMax
    }

    /// A child that goes on asking and never reads the answers.
    @inline(__always)
    private func isDeaf(_ link: LinkID) -> Bool {
        !links[link].isUp && links[link].outbound.count / 4 > configuration.queueBytesMax
    }

    /// Puts a frame behind what already waits on the link.
    private mutating func write(
        _ header: FrameHeader, _ payload: Span<UInt8>, _ digest: UInt64? = nil, to link: LinkID
    ) {
        guard isOpen(link) else { return bounce(header, .noRoute(to: header.destination, own: ownID)) }
        let ordinal = links[link].put(header, payload)
        if header.handle == .shutdown { toldToEnd(link, header) }
        if journal.isKept {
            let place = FramePlace(link: links[link].name, upward: links[link].isUp, ordinal: ordinal)
            let digest = digest ?? PayloadDigest.of(payload)
            journal.note(.frameOut) { $0.describe(header, digest: digest, at: place) }
        } else {
            let digest = header.handle == .delRoute ? PayloadDigest.of(payload) : 0
            journal.noteUnseen(
                .frameOut, header, digest: digest, link: links[link].name, isUpward: links[link].isUp, ordinal: ordinal)
        }
        becameReady(link)
    }

    /// Sends a message to an open neighbour, past the routes: for what is only ever spoken from hop to hop.
    mutating func tell(_ link: LinkID, _ handle: Handle, _ payload: [UInt8], encoding: Encoding = .legacy) {
        let message = Message(
            to: links[link].remote, from: ownID, handle: handle, encoding: encoding, payload: payload)
        if payload.count > configuration.messageBytesMax { return refuseTooLarge(message) }
        write(FrameHeader(message), payload.span, to: link)
    }

    /// Puts bytes that are no frame on a link: the words of the handshake.
    mutating func writeRaw(_ bytes: [UInt8], to link: LinkID) {
        links[link].outbound.append(contentsOf: bytes)
        becameReady(link)
    }

    @inline(__always)
    private mutating func becameReady(_ link: LinkID) {
        guard !links[link].isReady else { return }
        links[link].isReady = true
        ready.append(link)
    }

    // MARK: What does not arrive

    /// A message ended here. Whoever waits for an answer is told; a dead message is never answered.
    mutating func bounce(_ header: FrameHeader, _ reason: DeadReason) {
        noteDropped(header, reason)
        guard header.replyTo != .none, !header.isDead else { return }
        originate(.dead(reason.text, to: header.source, from: ownID, handle: header.replyTo))
    }

    /// There is no room for it on its way. Nobody waits for an answer to a reply or to an item of a stream: there the
    /// receiver hears that something is missing, as long as there is room for that.
    private mutating func refuseForRoom(_ header: FrameHeader, on link: LinkID) {
        guard header.replyTo == .none, header.handle >= .firstDynamic else { return bounce(header, .queueFull) }
        noteDropped(header, .queueFull)
        let notice = Message.dead(
            DeadReason.queueFull.text, to: header.destination, from: ownID, handle: header.handle)
        if !hasNoRoom(for: FrameHeader(notice), on: link) { originate(notice) }
    }

    /// Too long to be sent: the caller hears of it, or else the receiver that would have got it.
    private mutating func refuseTooLarge(_ message: Message) {
        let reason = DeadReason.tooLarge(max: configuration.messageBytesMax)
        if has(.dropsOversized) { return noteDropped(FrameHeader(message), reason) }
        var header = FrameHeader(message)
        if header.replyTo == .none, !header.isDead {
            noteDropped(header, reason)
            originate(.dead(reason.text, to: message.destination, from: ownID, handle: message.handle))
        } else {
            header.length = 0
            bounce(header, reason)
        }
    }

    /// Somebody speaks in another's name. The answer goes out by the link the message came in by, and nowhere else,
    /// so that nobody can use us to end a stranger's wait.
    private mutating func refuseForged(_ header: FrameHeader, _ objection: DeadReason, from link: LinkID) {
        noteDropped(header, objection)
        complain(about: link, "\(objection.text) (\(links[link].remote))")
        guard header.replyTo != .none, !header.isDead else { return }
        let answer = Message.dead(objection.text, to: header.source, from: ownID, handle: header.replyTo)
        write(FrameHeader(answer), answer.payload.span, to: link)
    }

    private mutating func corrupt(_ link: LinkID, _ error: FrameError, _ bytes: Span<UInt8>) {
        let what: String
        switch error {
        case .badSignature:
            what =
                "Corruption detected: frame signature incorrect, \(bytes.count) bytes follow: "
                + Value.bytes([UInt8](bytes)).description
        case .tooLong(let length, let max):
            what = "Maximum message size exceeded (got \(length), max \(max))"
        }
        lose(link, because: .corrupt, what)
    }

    private mutating func noteDropped(_ header: FrameHeader, _ reason: DeadReason) {
        journal.note(.dropped) {
            $0.describe(header, digest: 0)
            $0.reason = reason.code
            $0.text = reason.text
        }
    }
}

extension Event {
    /// Copies what a frame says about itself.
    mutating func describe(_ header: FrameHeader, digest: UInt64) {
        destination = header.destination
        source = header.source
        authority = header.authority
        handle = header.handle
        replyTo = header.replyTo
        length = header.length
        self.digest = digest
    }

    /// Copies what a frame says about itself, and what names it in a trace.
    fileprivate mutating func describe(_ header: FrameHeader, digest: UInt64, at place: FramePlace) {
        describe(header, digest: digest)
        link = place.link
        upward = place.upward
        ordinal = place.ordinal
    }
}

/// The n-th frame of one direction of a link.
private struct FramePlace: Sendable {
    var link: ContextID
    var upward: Bool
    var ordinal: UInt64
}
