import MitoCore
import Testing

struct BuildTests {
    @Test func `contexts of one build come up, and a relay compares too`() {
        var family = Family.built(parent: Self.own, child: Self.own)
        family.add("child")
        family.add("grandchild", below: 1)
        #expect(family.connected == [.success(ContextID(1))])
        #expect(family.nodes[2].identity?.id == ContextID(2))
    }

    @Test(arguments: [Build(version: "2", functions: ["a", "b"]), Build(version: "1", functions: ["a", "c"])])
    func `another version, and other functions, are an error that names both`(other: Build) {
        var family = Family.built(parent: Self.own, child: other)
        family.add("child")
        guard case .failure(let error)? = family.connected.first else { Issue.record("it came up"); return }
        #expect(error.kind == .bootstrap)
        #expect(error.message.contains("\(Self.own)") && error.message.contains("\(other)"))
        #expect(family.nodes[0].route(to: ContextID(1)) == nil && family.nodes[1].hasEnded)
    }

    @Test func `an error below a relay keeps its kind`() {
        var family = Family.built(parent: Self.own, child: Self.own)
        family.add("child")
        family.build = Build(version: "1", functions: ["a"])
        _ = family.at(0) { $0.connect(ConnectRequest(name: "below", via: ContextID(1)), at: $1) }
        guard case .failure(let error)? = family.connected.last else { Issue.record("it came up"); return }
        #expect(error.kind == .bootstrap && error.message.hasPrefix("error occurred in context 1 (child): "))
    }

    @Test func `who has no functions, and who says nothing, fits everybody of its version`() {
        #expect(Self.own.fits(Build(version: "1", functions: [])) && Build(version: "1", functions: []).fits(Self.own))
        var family = Family.built(parent: Self.own, child: nil)
        family.add("child")
        #expect(family.connected == [.success(ContextID(1))])
    }

    @Test func `the order in which functions were registered does not count`() {
        #expect(Build(version: "1", functions: ["b", "a"]) == Self.own)
        #expect(Build(version: "1", functions: ["ab"]) != Self.own)
    }

    @Test func `a child introduces itself to no parent that does not`() {
        let preamble = Preamble(contextID: ContextID(1), parentIDs: [.master], name: "web").text()
        var node = Node(childAwaiting: preamble.count)
        node.build = Self.own
        node.received(preamble.span, on: .parent, at: .start)
        #expect(node.takeOutbound(.parent) == Array("MITO000\nMITO001\nMITO002\n".utf8))
    }

    @Test(arguments: ["", "1 2 3", String(repeating: "x", count: 201)])
    func `an introduction that is none is overlooked`(text: String) {
        var boot = HandBoot(build: Self.own)
        boot.say("MITO000\nmitoscope \(text)\nMITO002\n")
        #expect(boot.connected == [.success(ContextID(1))])
    }

    @Test func `a parent of ours says what it is in the preamble alone`() {
        var boot = HandBoot(build: Self.own)
        boot.say("MITO000\n")
        #expect(String(decoding: boot.sent, as: UTF8.self).contains("'mitoscope_build': '1 "))
    }

    static let own = Build(version: "1", functions: ["a", "b"])
}

extension Family {
    /// A root and its future children, and what they say that they are.
    fileprivate static func built(parent: Build?, child: Build?) -> Family {
        var family = Family()
        family.at(0) { node, _ in node.build = parent }
        family.build = child
        return family
    }
}
