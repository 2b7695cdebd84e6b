import Foundation
import TestPrograms

/// Runs programs, those of this build among them.
enum BuiltProgram {
    /// What a program left behind.
    struct Result: Sendable {
        /// Exit status, or the number of the signal that ended the program.
        var status: Int32
        /// Standard output.
        var output: String
        /// Standard error.
        var errors: String
    }

    /// Path of an executable of this build, which stands beside the test bundle.
    static func path(of name: String) throws -> String {
        try BuiltExecutable.path(of: name)
    }

    /// Runs a program to its end.
    static func run(
        _ path: String, _ arguments: [String], environment: [String: String] = [:]
    ) async throws -> Result {
        let running = try RunningProgram(path, arguments, environment: environment)
        async let output = running.output.text()
        async let errors = running.errors.text()
        let status = await running.waitUntilExit()
        return Result(status: status, output: await output, errors: await errors)
    }
}
