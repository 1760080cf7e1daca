import ArgumentParser
import MitoLab
import MitoLinks
import MitoScenario

/// The link that a command is about.
struct LabLink: ParsableArguments {
    @OptionGroup var lab: LabChoice

    @Argument(
        help: "The link, by its lower end; in a mesh, by both: `web:db`.",
        completion: .custom { _, _, _ in LabHosts.names() })
    var link: String

    func perform(_ order: LinkOrder) throws {
        try withLab { () throws(LabFailure) in try Lab.named(lab.name).order(order, onLinkOf: link) }
    }
}

/// Which way of a link.
struct LabWay: ParsableArguments {
    enum Ways: String, ExpressibleByArgument, CaseIterable {
        case up, down, both

        var ways: LinkOrder.Ways { LinkOrder.Ways(rawValue: rawValue) ?? .both }
    }

    @Option(help: "Towards the root, away from it, or both.")
    var way = Ways.both
}

/// `lab cut LINK`
struct LabCutCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cut", abstract: "Lets nothing through a link any more.",
        discussion: """
            Neither end can tell, until `mitoscope lab mend`. With --reset the link breaks its connections instead: \
            both ends of each are told so at once, and new ones can be made.
              mitoscope lab cut web
              mitoscope lab cut web --way up
              mitoscope lab cut web --reset
            """)

    @OptionGroup var link: LabLink
    @OptionGroup var way: LabWay

    @Flag(help: "Break the connections that go through the link.")
    var reset = false

    func validate() throws {
        if reset, way.way != .both { throw ValidationError("a link that is reset breaks both ways: drop --way") }
    }

    func run() throws { try link.perform(reset ? .reset : .cut(way.way.ways)) }
}

/// `lab mend LINK`
struct LabMendCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mend", abstract: "Ends a cut.",
        discussion: """
            What was sent meanwhile is sent again by who has sent it.
              mitoscope lab mend web
            """)

    @OptionGroup var link: LabLink

    func run() throws { try link.perform(.mend) }
}

/// `lab hold LINK`
struct LabHoldCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hold", abstract: "Lets everything wait at the end of a link.",
        discussion: """
            Nothing is lost, and the order is kept, until `mitoscope lab release`.
              mitoscope lab hold web --way down
            """)

    @OptionGroup var link: LabLink
    @OptionGroup var way: LabWay

    func run() throws { try link.perform(.hold(way.way.ways)) }
}

/// `lab release LINK`
struct LabReleaseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "release", abstract: "Lets go what a link holds.",
        discussion: """
              mitoscope lab release web
            """)

    @OptionGroup var link: LabLink
    @OptionGroup var way: LabWay

    func run() throws { try link.perform(.release(way.way.ways)) }
}

/// `lab set LINK:KEY=VALUE,…`
struct LabSetCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "set", abstract: "Makes a link slow, narrow or bad from now on.",
        discussion: """
            Keys and values are those of a link in a scenario; what is not named stays as it is.
              mitoscope lab set web delay=250ms
              mitoscope lab set web:delay=250ms
              mitoscope lab set web:loss=1/100,up.bandwidth=1MB/s
              mitoscope lab set all:delay=0ms
            """)

    @OptionGroup var lab: LabChoice

    @Argument(
        help: ArgumentHelp("The link by its lower end, or `all`, and what it is to be like.", valueName: "change"))
    var words: [String]

    func run() throws {
        let change: LinkChange
        // `web delay=5ms` is the same as `web:delay=5ms`; in a mesh a link has two names, `web:db delay=5ms`.
        let isApart = words.count > 1
        do throws(ScenarioErrors) {
            change = try LinkChange(isApart ? "all:\(words.dropFirst().joined(separator: ","))" : words[0])
        } catch {
            Terminal().complain(error.description)
            return try ExitStatus.usage.leave()
        }
        let name = !isApart ? change.linkName : words[0] == "all" ? nil : words[0]
        try withLab { () throws(LabFailure) in
            let running = try Lab.named(lab.name)
            let links = try running.status().links.filter { link in
                name == nil || link.lower == name || ends(of: link).contains { $0 == name }
            }
            // The lab itself says which there are.
            if links.isEmpty, let name { try running.order(.set(change.changed(LinkModel())), onLinkOf: name) }
            for link in links {
                let model = change.changed(LinkModel(up: link.up.model, down: link.down.model))
                try running.order(.set(model), onLinkOf: ends(of: link)[0])
            }
        }
    }

    /// The names that a link has by both of its ends.
    private func ends(of link: LabStatus.Link) -> [String] {
        ["\(link.lower):\(link.upper)", "\(link.upper):\(link.lower)"]
    }
}
