import ArgumentParser
import Interhuman

/// `interhuman doctor`.
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Checks all that streaming from this machine's camera and microphone needs.",
        discussion: """
            One line for each check: ok, warning or problem, and what to do. The camera and the microphone are opened for \
            a moment, two seconds of a test picture are encoded, and a session is opened at the service, to which no \
            media goes; nothing is kept. The exit status is 1 when a problem hinders 'interhuman stream', else 0. \
            Secrets are never printed.
            """)

    @OptionGroup var service: ServiceAddress

    @Option(help: ArgumentHelp("Also check a directory that is to hold a spool or recordings.", valueName: "directory"))
    var directory: String?

    @Flag(help: "Only look: open no device and no connection.")
    var passive = false

    @Flag(help: "Print the findings as one line of JSON.")
    var json = false

    func run() async throws {
        let version = try service.version
        let findings = await findings(version)
        let console = Console()
        do {
            if json {
                try await console.output(try Finding.json(findings))
            } else {
                for finding in findings { try await console.show(finding.line) }
            }
        } catch is ClosedOutput {
            throw ExitStatus.closedOutput
        }
        if findings.contains(where: { $0.status == .problem }) { throw ExitCode.failure }
    }

    private func findings(_ version: ServiceEndpoint.Version) async -> [Finding] {
        var findings = MachineChecks.findings() + (await EncodingChecks.findings()) + (await DeviceChecks.findings())
        let hasProblem = { (check: String) in findings.contains { $0.check == check && $0.status == .problem } }
        if !passive, !hasProblem("cameras") { findings.append(await DeviceTrials.camera()) }
        if !passive, !hasProblem("sound server"), !hasProblem("microphone") {
            findings.append(await DeviceTrials.microphone())
        }
        findings += ServiceChecks.settings
        if !passive {
            findings += await ServiceChecks.findings(
                url: service.baseURL, version: version, ca: service.trustedFile)
        }
        return findings + (directory.map { [DirectoryCheck.finding($0)] } ?? [])
    }
}
