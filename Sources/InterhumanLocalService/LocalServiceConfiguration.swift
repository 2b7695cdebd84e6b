public import InterhumanCore
public import InterhumanTransport
public import Logging

/// Where a ``LocalService`` listens and what it demands and allows.
public struct LocalServiceConfiguration: Sendable {
    /// Name or address of the interface to listen on. Default 127.0.0.1: this machine only.
    public var host: String
    /// Port; 0 takes a free one.
    public var port: Int
    /// Certificate and key; nil for plain `ws`.
    public var tls: TLSServerConfiguration?
    /// The only key accepted; nil accepts any, but one there must be.
    public var apiKey: Credential?
    /// What one session may use.
    public var limits: ServiceLimits
    /// Most connections at a time. Default 64: each session decodes video on a thread of its own.
    public var maximumConnections: Int
    /// A directory that keeps what sessions received, as `<correlation id>.webm` and the sizes of the messages as
    /// `<correlation id>.jsonl`; nil keeps nothing. It holds pictures and voices of people: treat it so.
    public var recordingDirectory: String?
    /// Told what happens, for a log. Called in order within a session, from any task: make it quick.
    public var observer: @Sendable (ServiceEvent) -> Void
    /// Where the transport tells what happens. Payloads and secrets never go there.
    public var logger: Logger

    /// Creates a configuration; the default listens without TLS on a free port of 127.0.0.1 and takes any key.
    public init(
        host: String = "127.0.0.1", port: Int = 0, tls: TLSServerConfiguration? = nil, apiKey: Credential? = nil,
        limits: ServiceLimits = ServiceLimits(), maximumConnections: Int = 64, recordingDirectory: String? = nil,
        observer: @escaping @Sendable (ServiceEvent) -> Void = { _ in },
        logger: Logger = Logger(label: "interhuman.service", factory: { _ in SwiftLogNoOpLogHandler() })
    ) {
        self.host = host
        self.port = port
        self.tls = tls
        self.apiKey = apiKey
        self.limits = limits
        self.maximumConnections = maximumConnections
        self.recordingDirectory = recordingDirectory
        self.observer = observer
        self.logger = logger
    }
}
