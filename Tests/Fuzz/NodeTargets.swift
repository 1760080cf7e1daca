import MitoCore

/// Nodes in the middle of their life, to be copied and fed: a root with a child and open calls, that child with a child
/// of its own, and children and parents that are still booting.
struct NodeTargets {
    struct Target {
        var node: Node
        var link: LinkID
    }

    let targets: [Target]

    init() {
        var configuration = Node.Configuration()
        configuration.isTraced = true
        var root = Node(master: configuration)
        var (child, childLink) = Self.raise(below: &root)
        for _ in 0..<3 { _ = root.call(CallRequest("demo.echo", on: ContextID(1)), at: .start) }
        _ = root.openReceiver(at: .start)
        _ = root.takeOutbound(childLink)
        Self.drain(&root)
        let (grandchild, grandchildLink) = Self.raise(below: &child)
        var booting = root
        _ = booting.connect(ConnectRequest(name: "late"), at: .start)
        let bootLink = Self.launchedLink(&booting) ?? childLink
        booting.launched(bootLink, at: .start)
        targets = [
            Target(node: root, link: childLink), Target(node: child, link: .parent),
            Target(node: child, link: grandchildLink), Target(node: grandchild, link: .parent),
            Target(node: booting, link: bootLink), Target(node: Node(childAwaiting: 40), link: .parent),
        ]
    }

    /// Feeds `bytes` to a copy, whole and cut in two, and returns the digests, which must not differ.
    func feed(_ bytes: [UInt8], to target: Target, cutAt cut: Int) -> (whole: UInt64, cut: UInt64) {
        var whole = target.node
        whole.received(bytes.span, on: target.link, at: .start)
        Self.drain(&whole)
        var halves = target.node
        halves.received(bytes.span.extracting(0..<cut), on: target.link, at: .start)
        halves.received(bytes.span.extracting(cut..<bytes.count), on: target.link, at: .start)
        Self.drain(&halves)
        return (whole.digest, halves.digest)
    }

    private static func drain(_ node: inout Node) {
        while node.poll() != nil {}
        for link in node.takeReady() { _ = node.takeOutbound(link) }
        _ = node.takeEvents()
    }

    private static func launchedLink(_ node: inout Node) -> LinkID? {
        while let output = node.poll() {
            if case .launch(let plan) = output.order { return plan.link }
        }
        return nil
    }

    /// Connects a child of `parent` and carries the handshake out.
    private static func raise(below parent: inout Node) -> (child: Node, link: LinkID) {
        _ = parent.connect(ConnectRequest(name: "child"), at: .start)
        guard let plan = launch(of: &parent) else { preconditionFailure("a node with ids to give launches at once") }
        var child = Node(childAwaiting: plan.preambleLength, configuration: parent.configuration)
        parent.launched(plan.link, at: .start)
        for _ in 0..<3 {
            parent.received(child.takeOutbound(.parent).span, on: plan.link, at: .start)
            child.received(parent.takeOutbound(plan.link).span, on: .parent, at: .start)
        }
        drain(&parent)
        drain(&child)
        return (child, plan.link)
    }

    /// The order to launch; a child asks the root for ids first, so the answer is given here.
    private static func launch(of node: inout Node) -> LaunchPlan? {
        for attempt in 0..<2 {
            while let output = node.poll() {
                if case .launch(let plan) = output.order { return plan }
            }
            guard attempt == 0 else { return nil }
            for link in node.takeReady() { answerIDs(&node, node.takeOutbound(link), link) }
        }
        return nil
    }

    private static func answerIDs(_ node: inout Node, _ asked: [UInt8], _ link: LinkID) {
        var place = 0
        while let header = try? FrameHeader(asked.span, at: place, payloadMax: asked.count) {
            place += FrameHeader.byteCount + Int(header.length)
            guard header.handle == .allocateID else { continue }
            let answer = Message(
                to: header.source, handle: header.replyTo, encoding: .pickle,
                payload: Value.tuple([1000, 2000]).pickled())
            var bytes: [UInt8] = []
            FrameHeader(answer).write(to: &bytes)
            bytes += answer.payload
            node.received(bytes.span, on: link, at: .start)
        }
    }
}
