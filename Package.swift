// swift-tools-version: 6.0
import PackageDescription

// Each target imports only what stands above it (DESIGN.md, Layers).
let package = Package(
    name: "crashbench",
    products: [
        .executable(name: "crashbench", targets: ["crashbench"]),
        .library(name: "FusedStructures", targets: ["FusedStructures"]),
    ],
    targets: [
        .systemLibrary(name: "CZeroMQ", providers: [.apt(["libzmq3-dev"])]),
        .systemLibrary(name: "CMalloc"),
        .systemLibrary(name: "CAffinity"),
        .systemLibrary(name: "CPopt", providers: [.apt(["libpopt-dev"])]),
        .target(
            name: "CJerasure",
            linkerSettings: [.linkedLibrary("Jerasure"), .linkedLibrary("gf_complete")]),
        .target(name: "ErasureCode", dependencies: ["CJerasure"]),
        .target(name: "Structures"),
        .target(name: "Roles", dependencies: ["Structures"]),
        .target(name: "Fusion", dependencies: ["ErasureCode", "Structures", "Roles"]),
        .target(
            name: "FusedStructures",
            dependencies: ["ErasureCode", "Structures", "Roles", "Fusion"]),
        .executableTarget(name: "fused-example", dependencies: ["FusedStructures"]),
        .target(name: "Replication", dependencies: ["Structures", "Roles"]),
        .target(name: "Transport", dependencies: ["CZeroMQ", "Structures", "Roles"]),
        .target(name: "Simulation", dependencies: ["Structures", "Roles"]),
        .target(
            name: "Harness",
            dependencies: [
                "CAffinity", "CMalloc", "CZeroMQ", "CJerasure", "ErasureCode", "Structures",
                "Roles",
                "Fusion", "Replication", "Simulation", "Transport",
            ],
            resources: [.embedInCode("Published")]),
        .executableTarget(name: "crashbench", dependencies: ["CPopt", "Harness"]),
        .target(name: "SeededGenerator", path: "Tests/SeededGenerator"),
        .testTarget(
            name: "ErasureCodeTests", dependencies: ["ErasureCode", "SeededGenerator"]),
        .testTarget(name: "StructuresTests", dependencies: ["SeededGenerator", "Structures"]),
        .testTarget(name: "RolesTests", dependencies: ["Roles", "Structures"]),
        .target(
            name: "RoleTesting", dependencies: ["Roles", "SeededGenerator", "Structures"],
            path: "Tests/RoleTesting"),
        .target(name: "ProgramTesting", path: "Tests/ProgramTesting"),
        .testTarget(
            name: "FusionTests",
            dependencies: [
                "ErasureCode", "Fusion", "RoleTesting", "Roles", "SeededGenerator", "Structures",
            ]),
        // The executable, since a test starts it.
        .testTarget(
            name: "FusedStructuresTests",
            dependencies: [
                "fused-example", "ErasureCode", "FusedStructures", "ProgramTesting", "Roles",
                "SeededGenerator", "Structures",
            ],
            resources: [.embedInCode("Published")]),
        .testTarget(
            name: "ReplicationTests",
            dependencies: ["Replication", "RoleTesting", "Roles", "SeededGenerator", "Structures"]),
        .testTarget(
            name: "SimulationTests", dependencies: ["Roles", "SeededGenerator", "Simulation"]),
        .testTarget(
            name: "TransportTests",
            dependencies: ["CZeroMQ", "ProgramTesting", "Roles", "Structures", "Transport"]),
        // The executable, since tests start it as other processes.
        .testTarget(
            name: "HarnessTests",
            dependencies: [
                "crashbench", "CJerasure", "CZeroMQ", "ErasureCode", "Fusion", "Harness",
                "ProgramTesting", "Replication", "Roles", "SeededGenerator",
                "Structures", "Transport",
            ]),
        .testTarget(
            name: "crashbenchTests", dependencies: ["crashbench", "CZeroMQ", "ProgramTesting"]),
    ],
    swiftLanguageModes: [.v6]
)
