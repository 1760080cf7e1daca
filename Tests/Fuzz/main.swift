/// mito-fuzz [--cases N] [--seed N] [--first N]: runs cases `first ..< first + cases` of a seed through every decoder.
///
/// Ends with status 1 when a decoder breaks its word, needs too much memory, or when too few cases lead deep into a
/// decoder to prove anything. A trap is a bug as well: the case that ran is then on standard error.
import Glibc

let options = Options(CommandLine.arguments.dropFirst())
var fuzzer = Fuzzer(seed: options.seed)
var progress = Progress(total: options.cases)

nameTheCaseOnTraps()
do {
    for number in options.first..<(options.first + options.cases) {
        runningCase = number
        try fuzzer.run(number)
        if number & 0xFFF == 0 { progress.show(done: number - options.first) }
    }
} catch {
    fail("\(error)\nAgain: mito-fuzz --seed \(options.seed) --first \(runningCase) --cases 1")
}
progress.clear()

let tally = fuzzer.tally
let peak = peakBytes()
let rate = Int(Double(tally.cases) / max(progress.elapsed, 0.001))
print(
    "\(tally.cases) cases, \(tally.deepPercent) % past the header, \(tally.acceptedPercent) % accepted, "
        + "peak \(peak / 1_048_576) MiB, \(rate)/s, seed \(options.seed)")
if tally.deepPercent < 30 { fail("fewer than 30 % of the cases led past a header") }
if peak > 64 * 1_048_576 + 4 * tally.largestInput { fail("more memory than 64 MiB and four times the largest input") }
