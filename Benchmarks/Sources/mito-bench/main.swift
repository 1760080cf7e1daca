import Foundation
import MitoLive
import MitoSimulator

// Usage: mito-bench [wire] [--json] [--rounds N]    (wire: the lab's links beside the kernel's)
//        mito-bench count [--check] [--record]
//        mito-bench measure PART            (what the first form starts, in a process of its own)
//        mito-bench hops CONTEXTS COUNT     (what the second form starts)
//        mito-bench road ROAD TRAFFIC, end TRAFFIC WORD     (what the wire's rows start)
//
// MITOSCOPE_AGENT names the context program, MITOSCOPE_VENV a Python environment with Mitogen.

/// Ends the program with a sentence.
func fail(_ sentence: String, status: Int32) -> Never {
    FileHandle.standardError.write(Data("mito-bench: \(sentence)\n".utf8))
    exit(status)
}

// The contexts that are called are processes of this very program.
ContextProgram.serveIfStarted(functions: calledFunctions)

let arguments = Array(CommandLine.arguments.dropFirst())
do {
    if arguments.first == "measure" {
        guard let part = arguments.dropFirst().first.flatMap(OwnPart.init) else { fail("no such part", status: 64) }
        print(try part.measure())
    } else if arguments.first == "hops", arguments.count == 3, let contexts = Int(arguments.dropFirst().first!),
        let count = UInt64(arguments.last!)
    {
        print(BusyPairs(contexts: contexts).run(hops: count))
    } else if arguments.count == 3, arguments[0] == "road", let road = Road(rawValue: arguments[1]),
        let traffic = Traffic(rawValue: arguments[2])
    {
        print(try road.measureHere(traffic))
    } else if arguments.count == 3, arguments[0] == "end", let traffic = Traffic(rawValue: arguments[1]) {
        traffic.run(arguments[2])
    } else if arguments.first == "count" {
        try Counts.run(isChecking: arguments.contains("--check"), isRecording: arguments.contains("--record"))
    } else {
        let isWire = arguments.first == "wire"
        let options = Options(isWire ? arguments.dropFirst() : arguments[...])
        let results = try Series(rows: isWire ? Row.wire : Row.all, rounds: options.rounds).run()
        print(options.isJSON ? try jsonReport(results) : textReport(results, rounds: options.rounds))
    }
} catch let error as MeasureFailed {
    fail("\(error.command.joined(separator: " ")) gave no figure: \(error.said)", status: 70)
} catch {
    fail("\(error)", status: 70)
}

/// What the first form takes.
struct Options {
    var isJSON = false
    var rounds = 5

    init(_ words: ArraySlice<String>) {
        var words = words.makeIterator()
        while let word = words.next() {
            switch word {
            case "--json": isJSON = true
            case "--rounds":
                guard let count = words.next().flatMap({ Int($0) }), count > 0 else {
                    fail("--rounds takes a number", status: 64)
                }
                rounds = count
            default: fail("usage: mito-bench [wire] [--json] [--rounds N]", status: 64)
            }
        }
    }
}
