/// A program that ran to its end, and what it left behind.
package struct FinishedProgram: Sendable {
    /// Exit status, or the number of the signal that ended the program.
    package let status: Int32
    /// Standard output.
    package let output: String
    /// Standard error.
    package let errors: String

    /// Runs a program, and waits.
    package static func run(
        _ path: String, _ arguments: [String], environment: [String: String] = [:]
    ) async throws -> FinishedProgram {
        let running = try RunningProgram(path, arguments, environment: environment)
        async let output = running.output.text()
        async let errors = running.errors.text()
        let status = await running.waitUntilExit()
        return FinishedProgram(status: status, output: await output, errors: await errors)
    }
}
