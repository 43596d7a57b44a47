// swift-tools-version: 6.0
import PackageDescription

// Each target imports only what stands above it (DESIGN.md, Layers).
let package = Package(
    name: "crashbench",
    products: [
        .executable(name: "crashbench", targets: ["crashbench"])
    ],
    targets: [
        .systemLibrary(name: "CZeroMQ", providers: [.apt(["libzmq3-dev"])]),
        .systemLibrary(name: "CPopt", providers: [.apt(["libpopt-dev"])]),
        .target(
            name: "CJerasure",
            linkerSettings: [.linkedLibrary("Jerasure"), .linkedLibrary("gf_complete")]),
        .target(name: "ErasureCode", dependencies: ["CJerasure"]),
        .target(name: "Structures"),
        .target(name: "Roles", dependencies: ["Structures"]),
        .target(name: "Fusion", dependencies: ["ErasureCode", "Structures", "Roles"]),
        .target(name: "Replication", dependencies: ["Structures", "Roles"]),
        .target(name: "Transport", dependencies: ["CZeroMQ", "Structures", "Roles"]),
        .target(
            name: "Harness",
            dependencies: [
                "CZeroMQ", "CJerasure", "ErasureCode", "Structures", "Roles", "Fusion",
                "Replication", "Transport",
            ]),
        .executableTarget(name: "crashbench", dependencies: ["CPopt", "Harness"]),
        .testTarget(name: "ErasureCodeTests", dependencies: ["ErasureCode"]),
        .testTarget(name: "StructuresTests", dependencies: ["Structures"]),
        // The executable, since tests start it as other processes.
        .testTarget(name: "HarnessTests", dependencies: ["Harness", "crashbench"]),
    ],
    swiftLanguageModes: [.v6]
)
