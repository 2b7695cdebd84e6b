import ArgumentParser
import Glibc
import InterhumanCore
import InterhumanDeflate
import InterhumanLocalService
import InterhumanTransport
import InterhumanWire

/// `interhuman serve`.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Serves the Interhuman streaming API on this machine, for development and tests.",
        discussion: """
            This is a protocol-faithful stand-in. What it reports is simple measurements of motion and sound, \
            not Interhuman's models.

            When it listens it prints one line on standard output: {"event":"ready","url":URL,"ca":PATH or null}.
            """)

    @Option(help: "Address to listen on.")
    var host = "127.0.0.1"

    @Option(help: "Port to listen on; 0 takes a free one.")
    var port = 0

    @Flag(help: "Serve ws instead of wss.")
    var plain = false

    @Option(
        help: ArgumentHelp(
            "Where the certificate is kept; made on first use.", valueName: "directory"))
    var certificateDirectory: String?

    @Option(help: "The only key to accept. Without it every key is accepted.")
    var apiKey: String?

    @Option(help: ArgumentHelp("The only key id that POST /v1/auth accepts.", valueName: "id"))
    var keyId: String?

    @Option(help: ArgumentHelp("The secret that goes with the key id.", valueName: "secret"))
    var keySecret: String?

    @Option(help: ArgumentHelp("Sessions that the key may have at a time.", valueName: "count"))
    var maximumSessions: Int?

    @Option(
        help: ArgumentHelp("Keep what each session sent, as one file a session.", valueName: "directory"))
    var keep: String?

    @Option(
        defaultAsFlag: "-",
        help: ArgumentHelp(
            "Report what each client did wrong or wastefully, as a line of JSON a session, to standard output or a file.",
            valueName: "file"))
    var report: String?

    @OptionGroup(title: "What the service does otherwise")
    var variant: ServedVariant

    func validate() throws {
        guard (0...65_535).contains(port) else { throw ValidationError("A port is a number from 0 to 65535.") }
        guard !plain || certificateDirectory == nil else {
            throw ValidationError("--plain and --certificate-directory exclude each other.")
        }
    }
}

extension ServeCommand {
    func run() async throws {
        let console = Console()
        let interruptions = Interruptions()
        do {
            let certificate = try plain ? nil : LocalCertificate.loadOrCreate(in: directory(), additionalHosts: hosts)
            let log = ServiceLog()
            let reports = try ReportTarget(report)
            let service = try await LocalService.start(configuration(certificate: certificate, log: log))
            await console.tell(
                "Interhuman's local service: a protocol-faithful stand-in whose signals are simple measurements, "
                    + "not Interhuman's models.")
            try await console.output(ReadyLine.text(url: service.baseURL, ca: certificate?.authorityPath))
            async let printing: Void = log.print(to: console, reports: reports)
            for await _ in interruptions.received { break }
            await service.shutdown()
            log.finish()
            await printing
        } catch is ClosedOutput {
            throw ExitStatus.closedOutput
        } catch {
            await console.tell("interhuman: \(error)")
            throw ExitStatus.of(error)
        }
    }

    private var hosts: [String] {
        ["0.0.0.0", "::", ""].contains(host) ? [] : [host]
    }

    /// Where the certificate is kept: as asked for, or where programs of this user keep their data.
    private func directory() throws -> String {
        if let certificateDirectory { return certificateDirectory }
        let environment = { (name: String) in getenv(name).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
        }
        if let data = environment("XDG_DATA_HOME") { return data + "/interhuman/certificate" }
        guard let home = environment("HOME") else {
            throw ValidationError("Neither XDG_DATA_HOME nor HOME is set. Give --certificate-directory.")
        }
        return home + "/.local/share/interhuman/certificate"
    }

    private var accessPolicy: AccessPolicy {
        AccessPolicy(
            key: apiKey.map(Credential.init), keyID: keyId, keySecret: keySecret.map(Credential.init),
            maximumSessions: maximumSessions)
    }

    private func configuration(certificate: LocalCertificate?, log: ServiceLog) -> LocalServiceConfiguration {
        var limits = ServiceLimits()
        limits.maximumMessageSize = variant.maximumMessageSize
        return LocalServiceConfiguration(
            host: host, port: port,
            tls: certificate.map {
                TLSServerConfiguration(certificateChainPath: $0.chainPath, privateKeyPath: $0.keyPath)
            },
            access: accessPolicy, limits: limits,
            dialect: EnvelopeDialect(generation: variant.dialect) ?? .current, faults: FaultPlan(variant.fault),
            isControllable: variant.control, maximumConnections: variant.maximumConnections,
            receiveBudget: ReceiveBudget(common: variant.receiveBudget),
            compression: variant.deflate ? PerMessageDeflate() : nil, recordingDirectory: keep,
            observer: { log.append($0) })
    }
}
