/// Rules about who may know whom. The package manifest draws the arrows between targets; these guard its ends.
extension Rule {
    static let coreImports = Rule(
        "MitoCore imports the standard library and swift-collections, nothing else",
        in: { $0.isSwift && $0.module == "MitoCore" }, mentioning: ["import"],
        complaint: { line in
            imported(line).first { !collections.contains($0) }.map { "imports \($0)" }
        })

    static let shippedImports = Rule(
        "What is sent to hosts has no Foundation, no YAML and no command line in it",
        in: \.isShipped, mentioning: ["import"],
        complaint: { line in
            imported(line).first(where: heavy.contains).map { "imports \($0)" }
        })

    static let traceReaderImports = Rule(
        "MitoReport reads traces and knows no world",
        in: { $0.isSwift && $0.module == "MitoReport" }, mentioning: ["import"],
        complaint: { line in
            imported(line).first(where: worlds.contains).map { "imports \($0)" }
        })
}

private let collections: Set = [
    "BitCollections", "Collections", "DequeModule", "HashTreeCollections", "HeapModule", "OrderedCollections",
]
private let heavy: Set = [
    "ArgumentParser", "Foundation", "FoundationEssentials", "FoundationNetworking", "Testing", "XCTest", "Yams",
]
private let worlds: Set = ["MitoLinux", "MitoLive", "MitoScenario", "MitoSimulator", "Mitoscope"]

/// The modules that a line imports.
func imported(_ line: String) -> [String] {
    let statement =
        #/
        (?: ^ | ; ) \s* (?: @ [\w():]+ \s+ )* (?: \w+ \s+ )?
        import \s+ (?: (?:struct|class|enum|func|protocol|typealias|var|let) \s+ )? (\w+)
        /#
    return line.matches(of: statement).map { String($0.1) }
}
