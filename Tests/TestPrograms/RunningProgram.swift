import Foundation

/// A program that runs beside the test; it is killed when this object goes.
package final class RunningProgram: Sendable {
    /// Standard output and standard error as they come.
    package let output: ProgramOutput
    package let errors: ProgramOutput
    private let exit: Task<Int32, Never>
    /// The process's id.
    package let identifier: Int32

    /// Starts a program with this process's environment and some more.
    package init(_ path: String, _ arguments: [String], environment: [String: String] = [:]) throws {
        let process = Process()
        process.executableURL = URL(filePath: path)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { _, new in new }
        process.standardInput = FileHandle.nullDevice
        let (output, errors) = (Pipe(), Pipe())
        process.standardOutput = output
        process.standardError = errors
        let (statuses, continuation) = AsyncStream.makeStream(of: Int32.self, bufferingPolicy: .bufferingOldest(1))
        process.terminationHandler = { process in
            continuation.yield(process.terminationStatus)
            continuation.finish()
        }
        try process.run()
        self.identifier = process.processIdentifier
        self.output = ProgramOutput(output.fileHandleForReading)
        self.errors = ProgramOutput(errors.fileHandleForReading)
        self.exit = Task {
            var status: Int32 = -1
            for await value in statuses { status = value }
            return status
        }
    }

    deinit {
        kill(identifier, SIGKILL)
    }

    /// Sends a signal, such as `SIGINT`.
    package func send(signal: Int32) {
        kill(identifier, signal)
    }

    /// Waits for the end; gives the exit status.
    package func waitUntilExit() async -> Int32 {
        await exit.value
    }
}
