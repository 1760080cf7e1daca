/// The child's side of its beginning.
extension Node {
    /// Reads the preamble; returns how many bytes belonged to it.
    mutating func readPreamble(_ bytes: Span<UInt8>) -> Int {
        guard var boot = childBoot, !boot.isComplete else { return bytes.count }
        childBoot = nil
        let consumed = boot.read(bytes)
        defer { childBoot = boot }
        if boot.isComplete {
            if boot.isCompressed {
                order(.inflate(.parent, boot.preamble))
            } else {
                let text = boot.preamble
                boot = ChildBoot(preambleLength: 0)
                comeUp(preamble: text)
            }
        }
        return consumed
    }

    /// The preamble says who we are; from here on frames flow.
    mutating func comeUp(preamble text: [UInt8]?) {
        let preamble: Preamble
        do throws(PreambleError) {
            guard let text else { return beginEnding(.corrupt("the preamble is no zlib stream")) }
            preamble = try Preamble(text)
        } catch {
            return beginEnding(.corrupt("\(error)"))
        }
        guard let parent = preamble.parentIDs.first else {
            return beginEnding(.corrupt("the preamble names no parent"))
        }
        let identity = Identity(id: preamble.contextID, ancestors: preamble.parentIDs, name: preamble.name)
        self.identity = identity
        configuration.messageBytesMax = preamble.maxMessageSize
        configuration.isUnidirectional = preamble.isUnidirectional
        configuration.logLevel = preamble.logLevels.first ?? configuration.logLevel
        configuration.isIOLogged = preamble.logLevels.count > 2 && preamble.logLevels[2] <= Configuration.ioLevel
        configuration.isDebugging = preamble.isDebugging
        configuration.isProfiling = preamble.isProfiling
        configuration.callers = preamble.callers
        configuration.shutdownGrace = preamble.shutdownGrace ?? configuration.shutdownGrace
        // A verbose log says what happened, event by event.
        if configuration.isDebugging { journal.isKept = true }
        bootOptions = preamble.extras
        #if PLANTED_DEFECTS
            if let defect = bootOptions.first(where: { $0.key == .text(Self.defectKey) })?.value.string {
                configuration.defect = defect
                plantDefect()
            }
        #endif
        routes = RouteTable(
            own: identity.id, ancestors: identity.ancestors, isUnidirectional: configuration.isUnidirectional)
        routes.add(parent, through: .parent)
        names[identity.id] = identity.name
        links[.parent].remote = parent
        links[.parent].name = identity.id
        links[.parent].state = .open
        journal.begin(.contextUp) {
            $0.subject = identity.id
            $0.link = identity.id
            $0.text = identity.name
        }
        writeRaw(ChildBoot.unpacked, to: .parent)
        links[.parent].build = preamble.build.flatMap(Build.init)
        if links[.parent].build != nil, let build { writeRaw(ChildBoot.introduction(build), to: .parent) }
        order(.up(identity))
        writeRaw(ChildBoot.ready, to: .parent)
    }
}
