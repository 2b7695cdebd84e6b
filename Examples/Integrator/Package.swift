// swift-tools-version: 6.1

import PackageDescription

/// A package of its own that uses Interhuman by path: what yours looks like, with its tests.
let package = Package(
    name: "integrator",
    dependencies: [
        .package(name: "interhuman-swift", path: "../..")
    ],
    targets: [
        // The product's own logic knows the session and its events, not how media are made or carried.
        .target(
            name: "MeetingCoach",
            dependencies: [
                .product(name: "InterhumanCore", package: "interhuman-swift"),
                .product(name: "InterhumanSession", package: "interhuman-swift"),
            ]),
        .executableTarget(
            name: "coach",
            dependencies: ["MeetingCoach", .product(name: "Interhuman", package: "interhuman-swift")]),
        .testTarget(
            name: "MeetingCoachTests",
            dependencies: ["MeetingCoach", .product(name: "InterhumanTesting", package: "interhuman-swift")]),
    ],
    swiftLanguageModes: [.v6]
)
