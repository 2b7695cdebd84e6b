import Foundation
import InterhumanCore
import TestPrograms
import Testing

/// The vendor's Python SDK in the environment that `Tests/VendorSDK/prepare.sh` makes, and `flows.py`, which uses it.
struct VendorSDK {
    /// Whether the environment is there.
    static let isAvailable = FileManager.default.isExecutableFile(atPath: interpreter)
    static let absence: Comment = "NOT TESTED with the vendor's SDK: run Tests/VendorSDK/prepare.sh, which says why."

    private static let tests = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..")
        .standardizedFileURL.path(percentEncoded: false)
    private static let interpreter = tests + "/../.build/vendor-sdk-venv/bin/python"

    private let directory: TemporaryDirectory

    /// Lays the segments down, as one continuous stream, where the flows look for them.
    init(_ segments: [MediaSegment]) throws {
        directory = try TemporaryDirectory()
        for segment in segments {
            let message = segment.index == 0 ? segment.header + segment.body : segment.body
            try Data(message).write(to: URL(filePath: directory.file("\(segment.index).webm")))
        }
    }

    /// Runs a flow of `flows.py`. Its own words are in the errors when it fails.
    func run(_ flow: String, baseURL: String, environment: [String: String] = [:]) async throws -> FinishedProgram {
        // Through env, because Python finds its environment by the very path that it is called by.
        try await FinishedProgram.run(
            "/usr/bin/env",
            [Self.interpreter, Self.tests + "/VendorSDK/flows.py", flow, baseURL, directory.path],
            environment: environment)
    }
}
