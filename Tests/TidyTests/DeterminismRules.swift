/// Rules without which a run would not be a pure function of its scenario and its seed.
extension Rule {
    static let noClock = Rule(
        "The core and the simulator name no clock", in: \.isDeterministic,
        complaint: { line in
            let clocks =
                #/
                \b (?: ContinuousClock | SuspendingClock | DispatchTime | DispatchWallTime | Date | gettimeofday
                    | clock_gettime | clock_nanosleep | nanosleep | usleep ) \b
                | \.now\(\) | \bTask\.sleep\b | \btime\(nil\)
                /#
            return line.firstMatch(of: clocks).map { "names a clock: \($0.0)" }
        })

    static let noChance = Rule(
        "The core and the simulator draw from named, seeded streams only", in: \.isDeterministic,
        complaint: { line in
            let chance =
                #/
                \b SystemRandomNumberGenerator \b
                | \b (?: UUID | arc4random\w* | getrandom | drand48 | srand | rand ) \(
                | \. (?: random | randomElement | shuffle | shuffled ) \(
                /#
            return line.firstMatch(of: chance).map { "draws chance of its own: \($0.0)" }
        })

    static let noHashValue = Rule(
        "The core and the simulator compute nothing from the standard library's hashes", in: \.isDeterministic,
        complaint: { line in
            line.firstMatch(of: /\.hashValue\b|\bHasher\(\)|\bObjectIdentifier\(/)
                .map { "differs from process to process: \($0.0)" }
        })

    static let noFloats = Rule(
        "The core and the simulator decide in whole numbers",
        in: { $0.isDeterministic && !$0.path.contains("/Pickle/") },
        complaint: { line in
            line.firstMatch(of: /\b(Double|Float|Float16|Float80|CGFloat)\b|(^|[^\w.])\d[\d_]*\.\d/)
                .map { "a floating-point number: \($0.0)" }
        })

    static let noUnordered = Rule("The core and the simulator iterate no Dictionary and no Set") { files in
        let deterministic = files.filter(\.isDeterministic)
        return deterministic.filter { !$0.path.hasSuffix("/OrderedTable.swift") }.flatMap { file in
            unorderedIterations(in: file, of: deterministic.filter { $0.module == file.module })
        }
    }
}

/// Finds places where the order of a hash table shows.
///
/// The check has no types: it collects names that are declared as a `Dictionary` or `Set` (here, or as a property in
/// the same module unless this file declares the name as something else) and looks at what is done with them.
/// Looking up, counting, inserting and an explicit `sorted` are fine; whatever walks from first to last is not.
private func unorderedIterations(in file: SourceFile, of module: [SourceFile]) -> [Finding] {
    let here = Declarations(of: file)
    var names = here.unordered
    for other in module where other.path != file.path {
        names.formUnion(Declarations(of: other).shared.subtracting(here.ordered))
    }
    guard !names.isEmpty else { return [] }
    return file.code.enumerated().compactMap { index, line in
        walked(in: line, names: names).map {
            Finding(path: file.path, line: index + 1, complaint: "`\($0)` has no order, and its order shows here")
        }
    }
}

/// The names that one file declares, by whether they keep an order.
private struct Declarations {
    /// Declared as a `Dictionary` or a `Set`.
    var unordered: Set<String> = []
    /// Those of `unordered` that another file can see.
    var shared: Set<String> = []
    /// Declared as anything else.
    var ordered: Set<String> = []

    init(of file: SourceFile) {
        for line in file.code {
            let typed =
                #/
                \b (\w+) \s* : \s* (?: (?:inout|borrowing|consuming|sending) \s+ )?
                (?: \[ \s* [\w.]+ \?? \s* : \s* [^\]] | Set< | Dictionary< )
                /#
            let made =
                #/
                \b (?:var|let) \s+ (\w+) \s* = \s*
                (?: \[ \s* [\w.]+ \s* : \s* [\w.\[\]?<>]+ \s* \] \s* \( | Set[<\(] | Dictionary[<\(] )
                /#
            for match in line.matches(of: typed) { add(String(match.1), in: line) }
            for match in line.matches(of: made) { add(String(match.1), in: line) }
        }
        for line in file.code {
            for match in line.matches(of: /\b(?:var|let|func)\s+(\w+)\b/) where !unordered.contains(String(match.1)) {
                ordered.insert(String(match.1))
            }
        }
    }

    private mutating func add(_ name: String, in line: String) {
        unordered.insert(name)
        let property = /^(?:    )?(?!private |fileprivate )(?:[\w()]+ )*(?:var|let)\s/
        if line.contains(property) { shared.insert(name) }
    }
}

/// The first unordered name whose elements a line of code takes one after another.
private func walked(in line: String, names: Set<String>) -> String? {
    let chained =
        #/
        \b (\w+) (?: \. (?:keys|values|lazy|indices) )? \.
        (?: map | flatMap | compactMap | filter | reduce | forEach | first | last | enumerated | makeIterator | popFirst
            | removeFirst | prefix | suffix | dropFirst | dropLast | joined | split | reversed | startIndex
            | description ) \b
        /#
    let whole =
        #/
        (?: \bin | \bArray\( | \bContiguousArray\( | \bOrderedSet\( | \bDeque\( | \bzip\( | contentsOf: )
        \s* (?: \w+ [?!]? \. )*? (\w+) (?: \. (?:keys|values|lazy) )?
        \s* (?: [\{\),] | \bwhere\b | $ )
        /#
    let matches = line.matches(of: chained).map(\.1) + line.matches(of: whole).map(\.1)
    return matches.map(String.init).first(where: names.contains)
}
