import ArgumentParser
import Interhuman

/// `interhuman doctor`.
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Checks all that streaming from this machine's camera and microphone needs.",
        discussion: """
            One line for each check: ok, warning or problem, and what to do. The exit status is 1 when a problem hinders \
            'interhuman stream', else 0. Secrets are never printed.
            """)

    @Flag(help: "Print the findings as one line of JSON.")
    var json = false

    func run() async throws {
        let findings = await MachineChecks.findings() + DeviceChecks.findings()
        let console = Console()
        do {
            if json {
                try await console.output(try Finding.json(findings))
            } else {
                for finding in findings { try await console.output(finding.line) }
            }
        } catch is ClosedOutput {
            throw ExitStatus.closedOutput
        }
        if findings.contains(where: { $0.status == .problem }) { throw ExitCode.failure }
    }
}
