// swift-tools-version: 6.3
import PackageDescription

let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]

/// Planted defects exist for the explainer's stories only; a release build is made without the trait.
let planted: [SwiftSetting] = [.define("PLANTED_DEFECTS", .when(traits: ["PlantedDefects"]))]

/// One file that runs on any host. No sanitizer's runtime can be in such a file, so `.ci/sanitize` goes without.
let selfContained: [LinkerSetting] =
    Context.environment["MITOSCOPE_DYNAMIC"] == nil ? [.unsafeFlags(["-static-executable"])] : []

/// The command line as one file too, so that a class of sixty needs no toolchain. Debug builds link sooner without.
/// Foundation is then a handful of archives, of which the compiler names only the first.
let selfContainedProgram: [LinkerSetting] =
    Context.environment["MITOSCOPE_DYNAMIC"] == nil
    ? [
        .unsafeFlags(
            ["-static-executable"]
                + [
                    "CoreFoundation", "FoundationInternationalization", "_FoundationICU", "_FoundationCollections",
                    "_FoundationCShims", "stdc++",
                ].map { "-l\($0)" },
            .when(configuration: .release))
    ] : []

let package = Package(
    name: "mitoscope",
    products: [
        // Each with the modules that its signatures name, so that whoever uses it may import them.
        .library(name: "Mitoscope", targets: ["Mitoscope", "MitoLive", "MitoCore"]),
        .library(
            name: "MitoSimulator",
            targets: ["MitoSimulator", "MitoScenario", "MitoReport", "MitoLinks", "MitoTrace", "MitoCore"]),
        .library(name: "MitoLab", targets: ["MitoLab", "MitoLinks", "MitoLinux", "MitoCore"]),
        .library(name: "MitoscopeCommand", targets: ["MitoscopeCommand"]),
        .executable(name: "mitoscope", targets: ["mitoscope-cli"]),
        .executable(name: "mito-agent", targets: ["mito-agent"]),
        .executable(name: "mito-lab", targets: ["mito-lab"]),
        .executable(name: "mito-ns", targets: ["mito-ns"]),
    ],
    traits: [
        .trait(name: "PlantedDefects", description: "Lets a story plant a named defect in a simulated context."),
        .default(enabledTraits: ["PlantedDefects"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.0"),
    ],
    targets: [
        // What is shipped to hosts: no Foundation, no YAML.
        .target(
            name: "MitoCore",
            dependencies: [
                .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "HeapModule", package: "swift-collections"),
            ],
            swiftSettings: strict + planted + [.strictMemorySafety()]),
        .target(
            name: "MitoLinks",
            dependencies: ["MitoCore", .product(name: "DequeModule", package: "swift-collections")],
            swiftSettings: strict + [.strictMemorySafety()]),
        .target(name: "MitoLaunch", dependencies: ["MitoCore"], swiftSettings: strict + [.strictMemorySafety()]),
        .target(name: "MitoTrace", dependencies: ["MitoCore"], swiftSettings: strict + [.strictMemorySafety()]),
        .target(
            name: "Mitoscope",
            dependencies: ["MitoCore", "MitoTrace", .product(name: "DequeModule", package: "swift-collections")],
            swiftSettings: strict + [.strictMemorySafety()]),
        .target(name: "CMitoLinux"),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .target(name: "MitoLinux", dependencies: ["CMitoLinux"], swiftSettings: strict),
        .target(
            name: "MitoLive",
            dependencies: [
                "Mitoscope", "MitoCore", "MitoLinks", "MitoLaunch", "MitoLinux", "MitoTrace", "CZlib",
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: strict),
        .executableTarget(
            name: "mito-agent",
            dependencies: ["MitoLive", "Mitoscope"],
            swiftSettings: strict,
            linkerSettings: selfContained),

        // The only program that may hold privileges. libcap is in it and nowhere else.
        .systemLibrary(name: "CLibcap", pkgConfig: "libcap", providers: [.apt(["libcap-dev"])]),
        .target(name: "CMitoNamespaces"),
        .target(
            name: "MitoNamespaces", dependencies: ["CLibcap", "CMitoLinux", "CMitoNamespaces", "MitoLinux"],
            swiftSettings: strict),
        .executableTarget(
            name: "mito-ns", dependencies: ["MitoNamespaces"], swiftSettings: strict, linkerSettings: selfContained),

        // What stays with the person who tests.
        .target(name: "CMitoSimulator", path: "Simulator/CMitoSimulator"),
        .target(
            name: "MitoSimulator",
            dependencies: [
                "CMitoSimulator", "MitoCore", "Mitoscope", "MitoLinks", "MitoTrace",
                .product(name: "DequeModule", package: "swift-collections"),
            ],
            path: "Simulator/MitoSimulator", swiftSettings: strict + [.strictMemorySafety()]),
        .target(
            name: "MitoReport",
            dependencies: [
                "MitoCore", "MitoTrace", .product(name: "HeapModule", package: "swift-collections"),
            ],
            path: "Simulator/MitoReport", swiftSettings: strict),
        .target(name: "CMitoLab", path: "Simulator/CMitoLab"),
        .target(
            name: "MitoLab",
            dependencies: [
                "CMitoLab", "MitoCore", "MitoLinks", "MitoLinux",
                .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "HeapModule", package: "swift-collections"),
            ],
            path: "Simulator/MitoLab", swiftSettings: strict),
        .executableTarget(
            name: "mito-lab", dependencies: ["MitoLab"], path: "Simulator/mito-lab", swiftSettings: strict,
            linkerSettings: selfContained),
        .target(
            name: "MitoScenario",
            dependencies: [
                "MitoCore", "Mitoscope", "MitoLinks", "MitoTrace", "MitoReport", "MitoSimulator", "MitoLive", "MitoLab",
                "MitoLinux",
                .product(name: "Yams", package: "Yams"),
            ],
            path: "Simulator/MitoScenario", swiftSettings: strict),
        .target(
            name: "MitoscopeCommand",
            dependencies: [
                "MitoCore", "Mitoscope", "MitoLab", "MitoLaunch", "MitoLinks", "MitoLinux", "MitoTrace", "MitoReport",
                "MitoScenario",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            // A link to Scenarios/Lessons: they are in the program, which may stand alone. What is not used of them,
            // their transcripts, is not linked.
            resources: [.embedInCode("Lessons")],
            swiftSettings: strict),
        .executableTarget(
            name: "mitoscope-cli", dependencies: ["MitoscopeCommand"], swiftSettings: strict,
            linkerSettings: selfContainedProgram),

        // A first program, with the settings that a new package has.
        .executableTarget(
            name: "demo", dependencies: ["Mitoscope", "MitoLive", "MitoSimulator"], path: "Examples/demo",
            swiftSettings: [.treatAllWarnings(as: .error)]),

        // An ordinary program, and the two worlds that it runs in.
        .target(
            name: "SurveyProgram", dependencies: ["Mitoscope", "MitoCore"], path: "Examples/SurveyProgram",
            swiftSettings: strict),
        .executableTarget(
            name: "survey", dependencies: ["SurveyProgram", "MitoSimulator", "MitoLive", "Mitoscope", "MitoCore"],
            path: "Examples/survey", swiftSettings: strict),
        // The same with nothing of the host in it, for the tests.
        .executableTarget(
            name: "survey-static", dependencies: ["SurveyProgram", "MitoSimulator"], path: "Tests/StaticSurvey",
            swiftSettings: strict, linkerSettings: selfContained),

        .executableTarget(
            name: "mito-fuzz", dependencies: ["MitoCore"], path: "Tests/Fuzz", swiftSettings: strict),

        .executableTarget(
            name: "mito-soak", dependencies: ["MitoSimulator", "MitoReport", "MitoTrace", "MitoCore"],
            path: "Tests/Soak", swiftSettings: strict),

        .testTarget(
            name: "MitoCoreTests", dependencies: ["MitoCore", "mito-fuzz"], exclude: ["Resources"],
            swiftSettings: strict),
        .testTarget(name: "MitoscopeTests", dependencies: ["Mitoscope", "MitoCore"], swiftSettings: strict),
        .testTarget(
            name: "MitoTraceTests", dependencies: ["MitoTrace", "MitoLinks", "MitoCore"], swiftSettings: strict),
        .testTarget(
            name: "MitoReportTests",
            dependencies: ["MitoReport", "MitoSimulator", "MitoTrace", "Mitoscope", "MitoCore"],
            swiftSettings: strict),
        .testTarget(name: "MitoLaunchTests", dependencies: ["MitoLaunch", "MitoCore"], swiftSettings: strict),
        // What tests of real processes share.
        .target(
            name: "TestSupport", dependencies: ["MitoLive", "MitoLinux", "Mitoscope", "MitoCore"],
            path: "Tests/TestSupport", swiftSettings: strict),
        // A root whose tree the tests take apart.
        .executableTarget(
            name: "havoc-tree", dependencies: ["MitoLive", "MitoLinux", "Mitoscope", "MitoCore"],
            path: "Tests/HavocTree", swiftSettings: strict),
        // A tree whose contexts print and log.
        .executableTarget(
            name: "log-tree",
            dependencies: [
                "MitoLive", "MitoLinux", "Mitoscope", "MitoCore", .product(name: "Logging", package: "swift-log"),
            ],
            path: "Tests/LogTree", swiftSettings: strict),
        // A program as users write them, whose contexts do not always come back.
        .executableTarget(
            name: "little-program", dependencies: ["MitoLive", "MitoLinux", "Mitoscope", "MitoCore"],
            path: "Tests/LittleProgram", swiftSettings: strict),
        .testTarget(
            name: "MitoLiveTests",
            dependencies: [
                "TestSupport", "MitoLive", "MitoLinux", "MitoLaunch", "MitoTrace", "Mitoscope", "MitoCore",
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: strict),
        .testTarget(
            name: "MitoNsTests", dependencies: ["TestSupport", "MitoNamespaces", "MitoLinux"], swiftSettings: strict),
        // Contexts in real containers.
        .testTarget(
            name: "MitoContainerTests",
            dependencies: ["TestSupport", "MitoLive", "MitoLinux", "MitoLaunch", "Mitoscope", "MitoCore"],
            swiftSettings: strict),
        .testTarget(
            name: "RefereeTests", dependencies: ["TestSupport", "MitoLinux"], exclude: ["referee.py"],
            swiftSettings: strict),
        .testTarget(
            name: "MitoScenarioTests",
            dependencies: [
                "TestSupport", "MitoScenario", "MitoSimulator", "MitoLab", "MitoLinks", "MitoLive", "MitoReport",
                "MitoTrace", "Mitoscope", "MitoCore",
            ],
            swiftSettings: strict),
        .testTarget(
            name: "MitoscopeCommandTests",
            dependencies: ["TestSupport", "MitoscopeCommand", "MitoScenario", "MitoLinks"], swiftSettings: strict),
        .testTarget(name: "TidyTests", swiftSettings: strict),
        .testTarget(name: "DeterminismTests", exclude: ["Resources"], swiftSettings: strict),
        // Two hosts and the wire between them, which the tests start in namespaces of its own.
        .executableTarget(
            name: "lab-wire", dependencies: ["MitoLab", "MitoLinks", "MitoLinux", "MitoCore"], path: "Tests/LabWire",
            swiftSettings: strict),
        .testTarget(
            name: "MitoLabTests",
            dependencies: ["TestSupport", "MitoLab", "MitoLinks", "MitoLinux", "MitoCore"], swiftSettings: strict),
        .testTarget(name: "MitoLinksTests", dependencies: ["MitoLinks", "MitoCore"], swiftSettings: strict),
        .testTarget(
            name: "MitoSimulatorTests",
            dependencies: ["MitoSimulator", "Mitoscope", "MitoLinks", "MitoTrace", "MitoCore"], swiftSettings: strict),
    ]
)
