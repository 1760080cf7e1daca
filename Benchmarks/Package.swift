// swift-tools-version: 6.3
import PackageDescription

// A package of its own, so that nobody who builds Mitoscope builds its yardsticks.
let package = Package(
    name: "mitoscope-benchmarks",
    dependencies: [.package(name: "mitoscope", path: "..")],
    targets: [
        .target(name: "CReference"),
        .executableTarget(
            name: "mito-bench",
            dependencies: [
                "CReference",
                .product(name: "Mitoscope", package: "mitoscope"),
                .product(name: "MitoSimulator", package: "mitoscope"),
                .product(name: "MitoLab", package: "mitoscope"),
            ],
            swiftSettings: [.treatAllWarnings(as: .error)]),
    ],
    swiftLanguageModes: [.v6]
)
