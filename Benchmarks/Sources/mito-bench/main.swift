import Foundation

// Usage: mito-bench [--json] [--rounds N]
//        mito-bench measure PART            (what the first form starts, in a process of its own)
//
// MITOSCOPE_AGENT names the context program, MITOSCOPE_VENV a Python environment with Mitogen.

let arguments = CommandLine.arguments.dropFirst()

if arguments.first == "measure", let name = arguments.dropFirst().first {
    guard let part = OwnPart(name) else { exit(64) }
    print(try part.measure())
    exit(0)
}

var rounds = 5
var isJSON = false
var words = arguments.makeIterator()
while let word = words.next() {
    switch word {
    case "--json": isJSON = true
    case "--rounds": rounds = words.next().flatMap { Int($0) } ?? rounds
    default:
        FileHandle.standardError.write(Data("usage: mito-bench [--json] [--rounds N]\n".utf8))
        exit(64)
    }
}

let results = try Series(rows: Row.all, rounds: rounds).run()
print(isJSON ? try jsonReport(results, rounds: rounds) : textReport(results, rounds: rounds))
