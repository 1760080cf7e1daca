import MitoLive
import MitoSimulator
import SurveyProgram

// The same program among real processes, or in a simulation:
//
//     survey live
//     survey sim 7
ContextProgram.serveIfStarted(functions: SurveyFunctions.all)

let words = Array(CommandLine.arguments.dropFirst())
if words == ["live"] {
    print(try await withRouter(image: ContextProgram.ownImage, survey))
} else if words.count == 2, words[0] == "sim", let seed = UInt64(words[1]) {
    let run = try withSimulatedRouter(seed: seed, functions: SurveyFunctions.all, survey)
    print(run.result)
    print("hash: \(String(run.hash, radix: 16))")
} else {
    print("survey live | survey sim SEED")
}
