/// Rules without which a run would not be a pure function of its scenario and its seed.
extension Rule {
    static let noClock = Rule(
        "The core and the simulator name no clock", in: { $0.isDeterministic && !$0.standsForTheRuntime },
        mentioning: ["Clock", "Time", "Date", "time", "sleep", ".now()"],
        complaint: { line in
            let clocks =
                #/
                \b (?: ContinuousClock | SuspendingClock | DispatchTime | DispatchWallTime | Date | gettimeofday
                    | clock_gettime | clock_nanosleep | nanosleep | usleep ) \b
                | \.now\(\) | \bTask\.sleep\b | \btime\(nil\)
                /#
            return line.firstMatch(of: clocks.wordBoundaryKind(.simple)).map { "names a clock: \($0.0)" }
        })

    static let noChance = Rule(
        "The core and the simulator draw from named, seeded streams only", in: \.isDeterministic,
        mentioning: ["andom", "UUID", "rand", "shuffle"],
        complaint: { line in
            let chance =
                #/
                \b SystemRandomNumberGenerator \b
                | \b (?: UUID | arc4random\w* | getrandom | drand48 | srand | rand ) \(
                | \. (?: random | randomElement | shuffle | shuffled ) \(
                /#
            return line.firstMatch(of: chance.wordBoundaryKind(.simple)).map { "draws chance of its own: \($0.0)" }
        })

    static let noHashValue = Rule(
        "The core and the simulator compute nothing from the standard library's hashes", in: \.isDeterministic,
        mentioning: ["hashValue", "Hasher", "ObjectIdentifier"],
        complaint: { line in
            line.firstMatch(of: /\.hashValue\b|\bHasher\(\)|\bObjectIdentifier\(/.wordBoundaryKind(.simple))
                .map { "differs from process to process: \($0.0)" }
        })

    static let noFloats = Rule(
        "The core and the simulator decide in whole numbers",
        in: { $0.isDeterministic && !$0.standsForTheRuntime && !$0.path.contains("/Pickle/") },
        mentioning: ["Double", "Float", "."],
        complaint: { line in
            let floats = /\b(Double|Float|Float16|Float80|CGFloat)\b|(^|[^\w.])\d[\d_]*\.\d/
            return line.firstMatch(of: floats.wordBoundaryKind(.simple)).map { "a floating-point number: \($0.0)" }
        })

    static let noUnordered = Rule("The core and the simulator iterate no Dictionary and no Set") { files in
        let read = files.filter(\.isDeterministic).map { (file: $0, declares: Declarations(of: $0)) }
        return read.flatMap { file, declares in
            let others = read.filter { $0.file.module == file.module && $0.file.path != file.path }
            let shared = others.reduce(into: Set<String>()) { $0.formUnion($1.declares.shared) }
            return walks(in: file, over: declares.unordered.union(shared.subtracting(declares.ordered)))
        }
    }
}

/// Finds places where the order of a hash table shows.
///
/// Word boundaries are the simple ones everywhere: by Unicode's, which are the default, `links.first` is one word.
///
/// The check has no types: it collects names that are declared as a `Dictionary` or `Set` (here, or as a property in
/// the same module unless this file declares the name as something else) and looks at what is done with them.
/// Looking up, counting, inserting and an explicit `sorted` are fine; whatever walks from first to last is not.
private func walks(in file: SourceFile, over names: Set<String>) -> [Finding] {
    file.code.enumerated().compactMap { index, line in
        let walked = line.mentions(names) ? walked(in: line, names: names) : nil
        let made = line.mentions(["Set", "Dictionary"]) ? madeInPassing(in: line) : nil
        return (walked ?? made).map {
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
        for line in file.code where line.mentions(["[", "Set", "Dictionary"]) {
            let returned =
                #/
                \b func \s+ (\w+) \b .* -> \s* (?: \[ \s* [\w.]+ \?? \s* : | Set< | Dictionary< )
                /#
            let literal =
                #/
                \b (?:var|let) \s+ (\w+) \s* = \s* \[ \s* [^\[\]?()]+? \s* : \s* [^\]]
                /#
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
            for match in line.matches(of: typed.wordBoundaryKind(.simple)) { add(String(match.1), in: line) }
            for match in line.matches(of: made.wordBoundaryKind(.simple)) { add(String(match.1), in: line) }
            for match in line.matches(of: returned.wordBoundaryKind(.simple)) { add(String(match.1), in: line) }
            for match in line.matches(of: literal.wordBoundaryKind(.simple)) { add(String(match.1), in: line) }
        }
        for line in file.code where line.mentions(["var ", "let ", "func "]) {
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
        \b (\w+) (?: \(\) )? (?: \. (?:keys|values|lazy|indices) )? \.
        (?: (?: map | flatMap | compactMap | filter | reduce | forEach | first | last | enumerated | makeIterator
            | popFirst | removeFirst | prefix | suffix | dropFirst | dropLast | joined | split | reversed | startIndex
            | description ) \b
          | (?: min | max ) \s* (?: \{ | \(by: ) )
        /#
    let whole =
        #/
        (?: \bin \s | \bArray\( | \bContiguousArray\( | \bOrderedSet\( | \bDeque\( | \bzip\( | contentsOf:
            | \+=? \s | \\\( )
        \s* (?: \w+ [?!]? \. )*? (\w+) (?: \(\) )? (?: \. (?:keys|values|lazy) )?
        \s* (?: [\{\},)] | \bwhere\b | \.(?:union|subtracting|intersection|symmetricDifference|merging)\( | $ )
        /#
    let matches =
        line.matches(of: chained.wordBoundaryKind(.simple)).map(\.1)
        + line.matches(of: whole.wordBoundaryKind(.simple)).map(\.1)
    return matches.map(String.init).first(where: names.contains)
}

/// A `Set` or `Dictionary` that a line makes for the moment: it has no name that could be followed.
private func madeInPassing(in line: String) -> String? {
    let made =
        #/
        ( = \s* )? \b (Set|Dictionary) (?: < [^()]* > )? \( [^)]
        /#
    return line.matches(of: made.wordBoundaryKind(.simple)).first { $0.1 == nil }.map { String($0.2) }
}
