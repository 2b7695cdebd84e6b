import Foundation
import TestPrograms
import Testing

/// `TransportPeer` of this build, and the scripts beside this file.
enum BuiltPeer {
    /// Its path: beside the test bundle.
    static func path() throws -> String {
        let bundle = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let path = URL(filePath: bundle).deletingLastPathComponent().appending(path: "TransportPeer")
            .path(percentEncoded: false)
        try #require(FileManager.default.isExecutableFile(atPath: path), "\(path) is missing")
        return path
    }

    /// Runs a program to its end; gives its standard output.
    static func output(
        _ program: String, _ arguments: [String], environment: [String: String] = [:]
    ) async throws -> String {
        let running = try RunningProgram(program, arguments, environment: environment)
        async let output = running.output.text()
        async let errors = running.errors.text()
        let status = await running.waitUntilExit()
        let text = (await output, await errors)
        try #require(status == 0, "\(program) ended with \(status): \(text.0)\(text.1)")
        return text.0
    }
}
