import MitoSimulator
import SurveyProgram

do {
    let run = try withSimulatedRouter(
        seed: UInt64(CommandLine.arguments.dropFirst().first ?? "1") ?? 1, functions: surveyFunctions, survey)
    print(run)
} catch { print("error:", error) }
