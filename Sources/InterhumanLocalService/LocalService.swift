public import InterhumanCore
import InterhumanTransport
import InterhumanWire

/// A protocol-faithful stand-in for the Interhuman service, on your own machine.
///
/// It speaks the streaming protocol of `/v1/stream/analyze` and `/v2/stream/analyze`, really decodes the media, and
/// answers with the service's messages. **Its signals are simple measurements** of motion, loudness, voice activity,
/// pauses and pitch, turned into signals by a few named rules: they are not Interhuman's models, say
/// nothing about people, and each `rationale` tells the figures that were seen. Use it to develop, demonstrate and
/// test; not to judge anybody.
public final class LocalService: Sendable {
    private let server: WebSocketServer
    private let isSecure: Bool
    private let host: String
    private let journal: ReportJournal
    /// What goes wrong, on request; may be changed at any time.
    public let faults: FaultPlan

    /// Starts to listen.
    ///
    /// - Throws: `ConnectionError`: `invalidSettings` for an unusable certificate or host, `system` when the port is
    ///   taken or not allowed, or when the recording directory can't be made.
    public static func start(
        _ configuration: LocalServiceConfiguration = LocalServiceConfiguration(),
        clock: any MediaClock = SystemClock()
    ) async throws(ConnectionError) -> LocalService {
        if let directory = configuration.recordingDirectory { _ = try PrivateDirectory(path: directory) }
        let reports = ReportJournal()
        let entrance = ServiceEntrance(configuration: configuration, reports: reports, clock: clock)
        var limits = WebSocketLimits()
        limits.message = configuration.limits.maximumMessageSize
        limits.framePayload = configuration.limits.maximumMessageSize
        let server = try await WebSocketServer.start(
            WebSocketServerConfiguration(
                host: configuration.host, port: configuration.port, tls: configuration.tls, limits: limits,
                receiveBudget: configuration.receiveBudget, maximumConnections: configuration.maximumConnections,
                closeTimeout: configuration.limits.closeTimeout, compression: configuration.compression,
                busyAnswer: ServiceEntrance.answerWhenBusy, logger: configuration.logger)
        ) { exchange in
            await entrance.answer(exchange)
        }
        return LocalService(server: server, configuration: configuration, journal: reports)
    }

    private init(server: WebSocketServer, configuration: LocalServiceConfiguration, journal: ReportJournal) {
        self.journal = journal
        faults = configuration.faults
        self.server = server
        isSecure = configuration.tls != nil
        host = configuration.host
    }

    /// The port that the service listens on.
    public var port: Int { server.port }

    /// What clients are given as base URL: scheme, host and port, without a path. An address that stands for every
    /// interface is given as `localhost`.
    public var baseURL: String {
        let name =
            switch host {
            case "0.0.0.0", "::", "": "localhost"
            default: host.contains(":") ? "[\(host)]" : host
            }
        return "\(isSecure ? "wss" : "ws")://\(name):\(port)"
    }

    /// The reports on the last 100 sessions, in the order in which they ended.
    public var reports: [StreamReport] { journal.all }

    /// Closes every session (1001) and stops listening; returns when everything is freed.
    public func shutdown() async {
        await server.shutdown()
    }
}
