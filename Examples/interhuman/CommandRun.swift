import ArgumentParser

/// How commands that work on media begin and end.
enum CommandRun {
    /// Does a command's work, gives the screen back whatever happened, and turns what was thrown into an account for people
    /// and an exit status.
    ///
    /// - Parameter note: What to add to the account of an error.
    /// - Throws: `ExitCode`.
    static func run(
        note: (any Error) -> String = { _ in "" }, _ work: (Console, Interruptions) async throws -> Void
    ) async throws {
        let console = Console()
        let interruptions = Interruptions()
        defer { withExtendedLifetime(interruptions) {} }
        var failure: (any Error)?
        do {
            try await work(console, interruptions)
        } catch {
            failure = error
        }
        // What went wrong is to be read on the screen that stays.
        await console.takeBack()
        switch failure {
        case nil: return
        case let status as ExitCode: throw status
        case is ClosedOutput: throw ExitStatus.closedOutput
        case let failure?:
            await console.tell("interhuman: \(ExitStatus.text(for: failure) + note(failure))")
            throw ExitStatus.of(failure)
        }
    }
}
