import Foundation
import Testing

/// Each rule can fire, and lets pass what only looks like a breach.
@Suite struct RuleTests {
    @Test(arguments: [
        "import Foundation", "public import MitoTrace", "@preconcurrency import Glibc", "import struct Foundation.Date",
        "import HeapModule; import Foundation",
    ])
    func `the core imports nothing but collections`(line: String) {
        #expect(Rule.coreImports.fires(on: line))
        #expect(!Rule.coreImports.fires(on: "public import OrderedCollections"))
    }

    @Test func `Foundation is not shipped`() {
        #expect(Rule.shippedImports.fires(on: "import FoundationEssentials", in: "Sources/MitoLive/Broker.swift"))
        #expect(!Rule.shippedImports.fires(on: "import Foundation", in: "Sources/MitoscopeCommand/Run.swift"))
        #expect(!Rule.shippedImports.fires(on: "// import Foundation", in: "Sources/MitoLive/Broker.swift"))
    }

    @Test func `the explainer knows no world`() {
        #expect(Rule.traceReaderImports.fires(on: "import MitoSimulator", in: "Simulator/MitoReport/Explainer.swift"))
        #expect(!Rule.traceReaderImports.fires(on: "import MitoTrace", in: "Simulator/MitoReport/Explainer.swift"))
    }

    @Test(arguments: [
        "let t = ContinuousClock().now", "clock_gettime(CLOCK_MONOTONIC, &t)", "let d = Date()", "Instant.now()",
        "try await Task.sleep(for: .seconds(1))", "let t = ContinuousClock.now",
        "let t: SuspendingClock.Instant = .now",
    ])
    func `a clock is seen`(line: String) {
        #expect(Rule.noClock.fires(on: line))
        #expect(!Rule.noClock.fires(on: line, in: "Sources/MitoLive/Broker.swift"))
        #expect(!Rule.noClock.fires(on: "    /// Not \(line)"))
    }

    @Test(arguments: ["Int.random(in: 0..<3)", "links.shuffled()", "UUID()", "var g = SystemRandomNumberGenerator()"])
    func `chance is seen`(line: String) {
        #expect(Rule.noChance.fires(on: line))
        #expect(!Rule.noChance.fires(on: "let delay = stream.draw(below: 3)"))
    }

    @Test(arguments: ["let slot = name.hashValue % 8", "var hasher = Hasher()", "ObjectIdentifier(host)"])
    func `a hash that differs per process is seen`(line: String) {
        #expect(Rule.noHashValue.fires(on: line))
        #expect(!Rule.noHashValue.fires(on: "func hash(into hasher: inout Hasher) { hasher.combine(id) }"))
    }

    @Test(arguments: ["var share: Double", "let half = 0.5", "Float(3)"])
    func `a floating-point number is seen`(line: String) {
        #expect(Rule.noFloats.fires(on: line))
        #expect(!Rule.noFloats.fires(on: line, in: "Sources/MitoCore/Pickle/Value.swift"))
        #expect(!Rule.noFloats.fires(on: "let third = pair.0.1"))
        #expect(!Rule.noFloats.fires(on: #"let version = "0.3.54""#))
    }

    @Test(arguments: [
        "for (id, route) in routes {", "for id in self.routes.keys where id > 3 {", "let ids = routes.map(\\.key)",
        "for link in links {", "let one = links.first", "let all = Array(links)", "for call in node.waiting {",
        "order.append(contentsOf: routes.values)", "let ids = routes.keys.filter { $0 > 3 }",
        "self.routes.forEach { send($0) }", "let all = node.tables.links.map(\\.id)", "order += links",
        "func all() -> [Int] { [] + links }",
        "let text = \"\\(routes)\"", "let least = routes.min { $0.value < $1.value }",
        "for id in links.union(others) {",
        "let t = [1: 2]\nfor (id, _) in t {", "func all() -> Set<Int> { links }\nfor id in all() {",
        "for id in Set(ordered) {", "let unique = Array(Set(ordered))", "Set(ordered).forEach { send($0) }",
    ])
    func `the order of a hash table is seen`(line: String) {
        #expect(Rule.noUnordered.fires(on: "\(tables)\n\(line)"))
    }

    @Test(arguments: [
        "for id in routes.keys.sorted() {", "if let route = routes[id] {", "let n = links.count", "links.insert(link)",
        "for link in ordered {", "if links.contains(3) {", "for n in 0..<links.count {", "routes[id] = nil",
        "let known = Set(ordered)", "links.formUnion(others)", "if links.isDisjoint(with: others) {",
    ])
    func `a hash table may be looked up, counted and sorted`(line: String) {
        #expect(!Rule.noUnordered.fires(on: "\(tables)\n\(line)"))
    }

    @Test func `a table declared in another file of the module is known`() {
        let table = SourceFile(path: "Sources/MitoCore/A.swift", text: "struct A {\n    var routes: [Int: String]\n}")
        let walk = SourceFile(path: "Sources/MitoCore/B.swift", text: "for (id, _) in a.routes { send(id) }")
        let own = SourceFile(path: "Sources/MitoCore/C.swift", text: "let routes = [1]\nfor id in routes { send(id) }")
        #expect(Rule.noUnordered.findings([table, walk, own]).map(\.path) == [walk.path])
    }

    @Test func `long lines and long files are seen`() {
        #expect(Rule.lineLength.fires(on: String(repeating: "x", count: 121)))
        #expect(!Rule.lineLength.fires(on: String(repeating: "x", count: 120)))
        #expect(Rule.fileLength.fires(on: String(repeating: "\n", count: 501)))
        #expect(!Rule.fileLength.fires(on: String(repeating: "\n", count: 499)))
    }

    @Test func `a file without code is seen`() {
        #expect(Rule.noEmptyFiles.fires(on: "// To come.\n"))
        #expect(!Rule.noEmptyFiles.fires(on: "let one = 1"))
    }

    @Test(arguments: ["// TO" + "DO: later", "/* FIX" + "ME */"])
    func `a mark for later is seen`(line: String) {
        #expect(Rule.noMarks.fires(on: line))
    }

    @Test(arguments: ["struct StringUtils {", "final class RouteManager {", "enum Helpers {"])
    func `a type without meaning is seen`(line: String) {
        #expect(Rule.nounsForTypes.fires(on: line))
        #expect(!Rule.nounsForTypes.fires(on: "struct RouteTable {"))
    }

    @Test func `an undocumented public symbol is seen`() {
        #expect(Rule.documented.fires(on: "public struct Route {}"))
        #expect(Rule.documented.fires(on: "/// A route.\npublic struct Route {\n\n    public func via() {}\n}"))
        #expect(!Rule.documented.fires(on: "/// A route.\n@frozen public struct Route {}"))
        #expect(
            !Rule.documented.fires(on: "protocol A {\n    func go()\n}\n\nextension B: A {\n    public func go() {}\n}")
        )
        #expect(!Rule.documented.fires(on: "/// Opens.\npublic func open() {}\npublic func close() {}"))
    }

    @Test func `a link that leads nowhere is seen`() {
        #expect(Rule.links.fires(on: "see [there](no/such/file.md)", in: "README.md"))
        #expect(!Rule.links.fires(on: "see [here](Package.swift) and [out](https://swift.org)", in: "README.md"))
    }

    @Test func `a host that nobody else can reach is seen`() {
        #expect(Rule.knownHosts.fires(on: "see http" + "://build.internal/log", in: "README.md"))
        #expect(!Rule.knownHosts.fires(on: "see https://github.com/apple/swift-collections", in: "README.md"))
    }

    @Test func `a path of one machine is seen`() {
        #expect(Rule.noMachinePaths.fires(on: "cd /wo" + "rk/mitoscope", in: "README.md"))
        #expect(!Rule.noMachinePaths.fires(on: "Sources/wo" + "rk/x and /usr/bin/python3", in: "README.md"))
    }

    @Test func `comments and strings are not code`() {
        let text = #"""
            let a = "Date() \(b) // x" // Date()
            /* UUID() /* nested */ UUID() */ c
            """#
        let code = SourceFile(path: "a.swift", text: text).code
        #expect(code[0].trimmed == #"let a = "       \(b)     ""#)
        #expect(code[1].trimmed == "c")
        #expect(code.map(\.count) == text.split(whereSeparator: \.isNewline).map(\.count))
    }

    private let tables = """
        struct Tables {
            var routes: [Int: String] = [:]
            var links = Set<Int>()
            var waiting: Set<Int>
            let ordered = [3]
        }
        """
}

extension Rule {
    fileprivate func fires(on text: String, in path: String = "Sources/MitoCore/Snippet.swift") -> Bool {
        !findings([SourceFile(path: path, text: text)]).isEmpty
    }
}

extension String {
    fileprivate var trimmed: String { trimmingCharacters(in: .whitespaces) }
}
