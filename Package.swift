// swift-tools-version: 6.1

import PackageDescription

/// Settings of every Swift target: what an `import` exposes is said where it happens, and existentials are visible.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioEmbedded = Target.Dependency.product(name: "NIOEmbedded", package: "swift-nio")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let coreMetrics = Target.Dependency.product(name: "CoreMetrics", package: "swift-metrics")
/// `swift package generate-documentation` is for those who ask for it: Scripts/documentation.sh.
let documentationPlugin: [Package.Dependency] =
    Context.environment["INTERHUMAN_DOCUMENTATION"] == nil
    ? [] : [.package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.4.0")]

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")

/// A program of one file that shows one thing.
func example(_ name: String, _ dependencies: [Target.Dependency] = ["Interhuman"]) -> Target {
    .executableTarget(name: name, dependencies: dependencies, path: "Examples/\(name)", swiftSettings: strict)
}

let package = Package(
    name: "interhuman-swift",
    products: [
        .library(name: "Interhuman", targets: ["Interhuman"]),
        .library(name: "InterhumanCore", targets: ["InterhumanCore"]),
        .library(name: "InterhumanWire", targets: ["InterhumanWire"]),
        .library(name: "InterhumanDeflate", targets: ["InterhumanDeflate"]),
        .library(name: "InterhumanTransport", targets: ["InterhumanTransport"]),
        .library(name: "InterhumanCapture", targets: ["InterhumanCapture"]),
        .library(name: "InterhumanEncode", targets: ["InterhumanEncode"]),
        .library(name: "InterhumanSession", targets: ["InterhumanSession"]),
        .library(name: "InterhumanLifecycle", targets: ["InterhumanLifecycle"]),
        .library(name: "InterhumanTesting", targets: ["InterhumanTesting"]),
        .library(name: "InterhumanLocalService", targets: ["InterhumanLocalService"]),
        .executable(name: "interhuman", targets: ["interhuman"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.11.0"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.5.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.80.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.6.0"),
    ] + documentationPlugin,
    targets: [
        // Values and ports. Everything else depends on this and, where it can, on nothing more.
        .target(name: "InterhumanCore", swiftSettings: strict),

        // The layers, each with at most one C library.
        .target(name: "InterhumanWire", dependencies: ["InterhumanCore"], swiftSettings: strict),
        .target(
            name: "InterhumanDeflate", dependencies: ["InterhumanWire", "CInterhumanZlib"], swiftSettings: strict),
        .target(
            name: "InterhumanTransport",
            dependencies: ["InterhumanCore", "InterhumanWire", "CInterhumanOpenSSL", nioCore, nioPosix, logging],
            swiftSettings: strict),
        .target(
            name: "InterhumanCapture",
            dependencies: ["InterhumanCore", "CInterhumanV4L2", "CInterhumanPulse"],
            swiftSettings: strict),
        .target(
            name: "InterhumanEncode",
            dependencies: ["InterhumanCore", "CInterhumanFFmpeg"],
            swiftSettings: strict),
        .target(
            name: "InterhumanSession", dependencies: ["InterhumanCore", coreMetrics, logging], swiftSettings: strict),
        // Apart, so that only who runs a ServiceGroup builds it: Documentation/Decisions/0005-observation.md.
        .target(
            name: "InterhumanLifecycle",
            dependencies: [
                "InterhumanCore", "InterhumanSession",
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: strict),
        .target(
            name: "InterhumanTesting", dependencies: ["InterhumanCore", "InterhumanWire"], swiftSettings: strict),
        .target(
            name: "InterhumanLocalService",
            dependencies: [
                "InterhumanCore", "InterhumanWire", "InterhumanTransport", "InterhumanEncode", "CInterhumanOpenSSL",
                logging,
            ],
            swiftSettings: strict),
        .target(
            name: "Interhuman",
            dependencies: [
                "InterhumanCore", "InterhumanWire", "InterhumanTransport", "InterhumanCapture", "InterhumanEncode",
                "InterhumanSession",
            ],
            swiftSettings: strict),

        // The system's C libraries. `pkgConfig` finds headers in unusual places; the module maps say what to link.
        .systemLibrary(
            name: "CInterhumanOpenSSL", pkgConfig: "openssl", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(
            name: "CInterhumanFFmpeg", pkgConfig: "libavformat",
            providers: [
                .apt(["libavformat-dev", "libavcodec-dev", "libavutil-dev", "libswscale-dev", "libswresample-dev"])
            ]),
        .systemLibrary(name: "CInterhumanZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(
            name: "CInterhumanV4L2", pkgConfig: "libv4l2", providers: [.apt(["libv4l-dev"])]),
        // No pkgConfig: libpulse's asks for -pthread, which SwiftPM refuses with a warning.
        .systemLibrary(name: "CInterhumanPulse", providers: [.apt(["libpulse-dev"])]),

        // Examples.
        .executableTarget(
            name: "interhuman",
            dependencies: [
                "Interhuman", "InterhumanDeflate", "InterhumanLocalService", "SessionReport", "TerminalView",
                "CInterhumanFFmpeg", "CInterhumanOpenSSL", "CTerminalGuard", argumentParser, logging, nioCore, nioHTTP1,
                nioPosix,
            ],
            path: "Examples/interhuman",
            swiftSettings: strict),
        // What the live view of `interhuman stream` looks like: pure, without a terminal.
        .target(
            name: "TerminalView", dependencies: ["InterhumanCore", "InterhumanSession"], path: "Examples/TerminalView",
            swiftSettings: strict),
        // Puts the terminal back in signal handlers.
        .target(name: "CTerminalGuard", path: "Examples/CTerminalGuard"),
        // The timeline of a session and its page, for `interhuman`. Pure.
        .target(
            name: "SessionReport", dependencies: ["InterhumanCore", "InterhumanSession", "InterhumanWire"],
            path: "Examples/SessionReport", swiftSettings: strict),
        example("ListDevices", ["InterhumanCapture", "InterhumanCore"]),
        example("Codealong"),
        example("StreamCamera"),
        example("AnalyseFile"),
        example("RecordSegments", ["InterhumanCapture", "InterhumanCore", "InterhumanEncode"]),
        example("CustomSource"),
        example("CustomTransport", ["InterhumanCore", "InterhumanEncode", "InterhumanSession", "InterhumanWire"]),
        example("SignalsToTerminal"),

        // Tests mirror the modules.
        .testTarget(name: "InterhumanCoreTests", dependencies: ["InterhumanCore"], swiftSettings: strict),
        .testTarget(name: "InterhumanWireTests", dependencies: ["InterhumanWire"], swiftSettings: strict),
        .testTarget(
            name: "InterhumanTransportTests",
            dependencies: [
                "InterhumanCore", "InterhumanTransport", "InterhumanWire", "CInterhumanOpenSSL", nioCore, nioEmbedded,
                nioPosix, logging, "TestPrograms", "TransportPeer",
            ],
            exclude: ["Processes/dropped_link.sh"], swiftSettings: strict),
        .testTarget(
            name: "InterhumanDeflateTests", dependencies: ["InterhumanDeflate", "InterhumanWire"],
            swiftSettings: strict),
        .testTarget(
            name: "InterhumanCaptureTests",
            dependencies: [
                "InterhumanCapture", "InterhumanCore", "InterhumanTesting", "CaptureCycles", "TestPrograms",
                "CInterhumanV4L2", "CInterhumanPulse",
            ],
            exclude: ["Trace/vivid.trace"],
            swiftSettings: strict),
        .executableTarget(
            name: "CaptureCycles", dependencies: ["InterhumanCapture", "InterhumanCore"], path: "Tests/CaptureCycles",
            swiftSettings: strict),
        // Runs in a VM with a kernel camera: Tests/Camera/test.sh.
        .testTarget(
            name: "CameraTests",
            dependencies: [
                "InterhumanCapture", "InterhumanCore", "TestPrograms", "CaptureCycles", "ListDevices", "StreamCamera",
                "interhuman",
            ],
            path: "Tests/Camera", exclude: ["VM", "test.sh", "record.sh", "README.md"], swiftSettings: strict),
        .testTarget(
            name: "InterhumanEncodeTests", dependencies: ["InterhumanEncode", "CInterhumanFFmpeg"],
            swiftSettings: strict),
        .testTarget(
            name: "InterhumanSessionTests",
            dependencies: [
                "InterhumanSession", "InterhumanTesting", logging,
                .product(name: "MetricsTestKit", package: "swift-metrics"), coreMetrics,
            ],
            swiftSettings: strict),
        .testTarget(
            name: "InterhumanLifecycleTests",
            dependencies: [
                "InterhumanLifecycle", "InterhumanTesting", logging,
                .product(name: "ServiceLifecycleTestKit", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            swiftSettings: strict),
        .testTarget(
            name: "InterhumanTestingTests", dependencies: ["InterhumanSession", "InterhumanTesting"],
            swiftSettings: strict),
        .testTarget(
            name: "InterhumanLocalServiceTests",
            dependencies: [
                "InterhumanCore", "InterhumanLocalService", "InterhumanTesting", "InterhumanTransport",
                "InterhumanEncode", "InterhumanWire", "TestPrograms", "interhuman",
            ],
            swiftSettings: strict),
        .testTarget(
            name: "InterhumanTests",
            dependencies: ["Interhuman", "InterhumanLocalService", "SessionOnlyProgram", "TestPrograms", "interhuman"],
            swiftSettings: strict),
        .testTarget(
            name: "ExamplesTests",
            dependencies: [
                "InterhumanLocalService", "TestPrograms", "Codealong", "StreamCamera", "AnalyseFile", "RecordSegments",
                "CustomSource", "CustomTransport", "SignalsToTerminal",
            ],
            swiftSettings: strict),
        .testTarget(
            name: "TerminalViewTests",
            dependencies: ["InterhumanCore", "InterhumanSession", "TerminalView", "TestPrograms", "interhuman"],
            exclude: ["Golden", "terminal.py"], swiftSettings: strict),
        .testTarget(
            name: "SessionReportTests",
            dependencies: [
                "InterhumanCore", "InterhumanSession", "InterhumanTesting", "InterhumanWire", "SessionReport",
                "TestPrograms", "interhuman",
            ],
            exclude: ["browse.py", "visit.py"], swiftSettings: strict),
        // Against other people's WebSockets and TLS: Python's websockets and ssl, nginx, openssl.
        .testTarget(
            name: "InteropTests",
            dependencies: [
                "InterhumanCore", "InterhumanDeflate", "InterhumanLocalService", "InterhumanTransport",
                "InterhumanWire", "TestPrograms", "CInterhumanOpenSSL", nioCore, nioPosix,
            ],
            path: "Tests/Interop",
            exclude: ["peer.py", "prepare.sh", "TLS/tls_peer.py", "TLS/openssl_peer.sh"], swiftSettings: strict),
        // Real sockets, real processes: services that are killed, limits that run out, a process that is killed.
        .testTarget(
            name: "ReliabilityTests",
            dependencies: [
                "Interhuman", "InterhumanLocalService", "InterhumanTesting", "SpoolProgram",
                "TestPrograms", "interhuman",
            ],
            path: "Tests/Reliability", swiftSettings: strict),
        // Eight sessions against the local service, with what they cost: Scripts/soak.sh.
        .executableTarget(
            name: "SessionSoak",
            dependencies: ["CTransportPeer", "Interhuman", "InterhumanLocalService", "TestPrograms"],
            path: "Tests/SessionSoak", swiftSettings: strict),
        .executableTarget(
            name: "SpoolProgram", dependencies: ["InterhumanCore", "InterhumanSession", "InterhumanTesting"],
            path: "Tests/SpoolProgram", swiftSettings: strict),
        .target(
            name: "TestPrograms", dependencies: [nioCore, nioPosix], path: "Tests/TestPrograms", swiftSettings: strict),
        .executableTarget(
            name: "SessionOnlyProgram",
            dependencies: ["InterhumanCore", "InterhumanSession", "InterhumanTesting"],
            path: "Tests/SessionOnlyProgram",
            swiftSettings: strict),
        // The code of the documents, so that it compiles: Scripts/check_documents.py.
        .target(
            name: "DocumentationSnippets",
            dependencies: [
                "Interhuman", "InterhumanDeflate", "InterhumanLifecycle", "InterhumanLocalService", "InterhumanTesting",
                logging, .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            // As a user compiles it: without the settings of this package's own targets.
            path: "Tests/DocumentationSnippets", swiftSettings: [.swiftLanguageMode(.v6)]),

        // Programs that prove and measure; not products for users.
        .executableTarget(
            name: "TransportPeer",
            dependencies: ["CTransportPeer", "InterhumanCore", "InterhumanTransport", nioCore, nioPosix],
            path: "Tests/TransportPeer", exclude: ["benchmark.py", "CTransportPeer"], swiftSettings: strict),
        .target(name: "CTransportPeer", path: "Tests/TransportPeer/CTransportPeer"),
        .executableTarget(
            name: "AutobahnPeer", dependencies: ["InterhumanCore", "InterhumanDeflate", "InterhumanWire"],
            path: "Tests/AutobahnPeer", swiftSettings: strict),
        .executableTarget(
            name: "EncodeBenchmarks", dependencies: ["InterhumanCore", "InterhumanEncode"],
            path: "Tests/EncodeBenchmarks", exclude: ["peers.py"], swiftSettings: strict),
        .executableTarget(
            name: "WireBenchmarks",
            dependencies: [
                "InterhumanCore", "InterhumanWire", nioCore, nioEmbedded,
                .product(name: "NIOWebSocket", package: "swift-nio"),
            ],
            path: "Tests/Benchmarks", exclude: ["peers.py"], swiftSettings: strict),
        .executableTarget(
            name: "SessionBenchmarks",
            dependencies: ["InterhumanCore", "InterhumanEncode", "InterhumanLocalService", "InterhumanTransport"],
            path: "Tests/SessionBenchmarks", exclude: ["sessions.py"], swiftSettings: strict),
    ]
)
