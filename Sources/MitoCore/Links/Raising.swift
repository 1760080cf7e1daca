/// The parent's side of a child's beginning: launched, talked to, up, or given up.
extension Node {
    /// The key under which a child's preamble names the bug that it is to have.
    static let defectKey = "mitoscope_defect"

    /// Orders the launch of a child that has its id.
    mutating func start(_ id: ConnectID, as context: ContextID) {
        guard let pending = connecting.pending[id] else { return }
        let request = pending.request
        var preamble = Preamble(
            contextID: context, parentIDs: [ownID] + (identity?.ancestors ?? []), name: request.name ?? "")
        preamble.maxMessageSize = configuration.messageBytesMax
        preamble.isUnidirectional = request.flag("unidirectional") ?? configuration.isUnidirectional
        preamble.logLevels = configuration.logLevels
        preamble.isDebugging = request.flag("debug") ?? configuration.isDebugging
        preamble.isProfiling = request.flag("profiling") ?? configuration.isProfiling
        preamble.callers = configuration.callers
        preamble.extras = request.extras
        preamble.build = build?.text
        preamble.shutdownGrace = request.grace
        let text = preamble.text()
        let link = links.nextID
        links.insert(Link(link, state: .booting, remote: context, name: context, isUp: false))
        connecting.boots[link] = ParentBoot(preamble: text, connect: id)
        connecting.children[link] = context
        if let name = request.name { names[context] = name }
        links[link].grace = request.grace
        timers.arm(.boot(link), at: journal.now + (request.connectTimeout ?? configuration.connectTimeout))
        journal.note(.launchStarted) {
            $0.link = context
            $0.subject = context
            $0.text = "\(request.method) \(request.name ?? "")"
        }
        order(
            .launch(
                LaunchPlan(
                    link: link, context: context, method: request.method, options: request.options,
                    remoteName: request.name ?? "", preambleLength: text.count)))
    }

    /// A child whose caller gave no name is called after its method, and the container that it is in or else its
    /// process.
    mutating func named(_ link: LinkID, process: Int32?) {
        guard let boot = connecting.boots[link], let request = connecting.pending[boot.connect]?.request,
            request.name == nil
        else { return }
        let context = links[link].name
        names[context] = "\(request.method).\(request.container ?? process.map { "\($0)" } ?? "\(context)")"
    }

    /// Reads what a booting child prints.
    mutating func readBoot(_ bytes: Span<UInt8>, from offset: inout Int, on link: LinkID) {
        while let step = connecting.boots[link]?.read(bytes, from: &offset) {
            switch step {
            case .wantsPreamble:
                writeRaw(connecting.boots[link]?.preamble ?? [], to: link)
            case .up:
                return childIsUp(on: link)
            }
        }
    }

    /// The order of what follows is relied on by everybody above: ADD_ROUTE leaves before any frame of the child.
    private mutating func childIsUp(on link: LinkID) {
        if let build, let other = connecting.boots[link]?.build, !build.fits(other) {
            let why = "the image of the new context is not the one that is expected: here \(build), there \(other)"
            abandonBoot(of: link, because: StreamError(why, kind: .bootstrap))
            return childLinkClosed()
        }
        guard let boot = connecting.boots.removeValue(forKey: link) else { return }
        timers.cancel(.boot(link))
        let context = links[link].name
        links[link].build = boot.build
        links[link].state = .open
        journal.begin(.linkUp) {
            $0.link = context
            $0.subject = context
        }
        addRoute(context, through: link)
        announce(context)
        endConnect(boot.connect, .success(context))
    }

    /// A child did not come up: everything about it is forgotten but its process, which the driver ends.
    mutating func abandonBoot(of link: LinkID, because why: StreamError) {
        guard let boot = connecting.boots.removeValue(forKey: link) else { return }
        let cause = journal.cause
        defer { journal.cause = cause }
        timers.cancel(.boot(link))
        let context = links[link].name
        names[context] = nil
        journal.cause = journal.note(.launchFailed) {
            $0.link = context
            $0.subject = context
            $0.text = why.message
        }
        close(link)
        endConnect(boot.connect, .failure(why))
    }
}

extension Node.Configuration {
    /// The levels of Python's loggers root, `mitogen` and `mitogen.io`.
    fileprivate var logLevels: [Int] { [logLevel, logLevel, isIOLogged ? Self.ioLevel : max(logLevel, 30)] }

    /// What `mitogen.io` logs at: Python's DEBUG.
    static let ioLevel = 10
}

extension ConnectRequest {
    /// What of the options is for the child itself. `functions` travels as text: a dict of scripts, pickled, in
    /// hexadecimal digits. `link` is what its link is like. `defect` names a bug to plant, which only a build that can
    /// have one takes notice of.
    fileprivate var extras: [Value.Pair] {
        options.compactMap { option in
            switch option.key {
            case "functions":
                Value.Pair("mitoscope_functions", .text(Text(utf8: option.value.pickled().hexadecimal)))
            case "link": Value.Pair("mitoscope_link", option.value)
            case "defect": Value.Pair(.text(Node.defectKey), option.value)
            default: nil
            }
        }
    }

    /// What the child is in, where it is somewhere else than who starts it.
    fileprivate var container: String? { options.last { $0.key == "container" }?.value.string }

    /// An option that is true or false.
    func flag(_ name: String) -> Bool? {
        for option in options where option.key == .text(name) {
            if case .bool(let flag) = option.value { return flag }
        }
        return nil
    }
}

extension [UInt8] {
    /// Two lower-case digits for each byte.
    fileprivate var hexadecimal: [UInt8] {
        let digits = Array("0123456789abcdef".utf8)
        return flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
    }
}
