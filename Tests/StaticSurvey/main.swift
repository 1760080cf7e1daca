import MitoSimulator
import SurveyProgram

// The simulated half of the example `survey`, linked with nothing of the host: what a simulation puts in the place of
// the C library's functions must hold there too.
let seed = CommandLine.arguments.last.flatMap { UInt64($0) } ?? 1
let run = try withSimulatedRouter(seed: seed, functions: SurveyFunctions.all, survey)
print(run.result)
print("hash: \(String(run.hash, radix: 16))")
