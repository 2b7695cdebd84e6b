public import InterhumanCore
public import InterhumanTransport
public import InterhumanWire
public import Logging

/// Where a ``LocalService`` listens and what it demands and allows.
public struct LocalServiceConfiguration: Sendable {
    /// Name or address of the interface to listen on. Default 127.0.0.1: this machine only.
    public var host: String
    /// Port; 0 takes a free one.
    public var port: Int
    /// Certificate and key; nil for plain `ws`.
    public var tls: TLSServerConfiguration?
    /// Whom to let in.
    public var access: AccessPolicy
    /// What one session may use.
    public var limits: ServiceLimits
    /// Which generation of messages clients get; one may ask for another by the query parameter `dialect` (a, b or c).
    public var dialect: EnvelopeDialect
    /// What goes wrong, on request.
    public var faults: FaultPlan
    /// Whether programs on this machine may change the faults and read the reports under `/_control/`. Default false.
    public var isControllable: Bool
    /// Most connections at a time. Default 64: each session decodes video on a thread of its own.
    public var maximumConnections: Int
    /// What all sessions may hold together of messages that arrive or wait to be decoded. The one that would exceed it is
    /// closed (1013). Default: 256 MiB in common and 2 MiB for each.
    public var receiveBudget: ReceiveBudget
    /// Compression to agree to when a client offers it, such as InterhumanDeflate's `PerMessageDeflate`; the vendor's SDK
    /// and browsers offer it always. Nil, the default, for none: what browsers send would cost more and be no smaller.
    public var compression: (any CompressionNegotiation)?
    /// A directory that keeps what sessions received, as `<correlation id>.webm` and the sizes of the messages as
    /// `<correlation id>.jsonl`; nil keeps nothing. It holds pictures and voices of people: treat it so.
    public var recordingDirectory: String?
    /// Told what happens, for a log. Called in order within a session, from any task: make it quick.
    public var observer: @Sendable (ServiceEvent) -> Void
    /// Where the transport tells what happens. Payloads and secrets never go there.
    public var logger: Logger

    /// Creates a configuration; the default listens without TLS on a free port of 127.0.0.1 and takes any key. `apiKey`
    /// is short for the policy's key.
    public init(
        host: String = "127.0.0.1", port: Int = 0, tls: TLSServerConfiguration? = nil, apiKey: Credential? = nil,
        access: AccessPolicy = AccessPolicy(), limits: ServiceLimits = ServiceLimits(),
        dialect: EnvelopeDialect = .current, faults: FaultPlan = FaultPlan(), isControllable: Bool = false,
        maximumConnections: Int = 64, receiveBudget: ReceiveBudget = ReceiveBudget(),
        compression: (any CompressionNegotiation)? = nil,
        recordingDirectory: String? = nil,
        observer: @escaping @Sendable (ServiceEvent) -> Void = { _ in },
        logger: Logger = Logger(label: "interhuman.service", factory: { _ in SwiftLogNoOpLogHandler() })
    ) {
        self.host = host
        self.port = port
        self.tls = tls
        self.access = access
        if let apiKey { self.access.key = apiKey }
        self.limits = limits
        self.dialect = dialect
        self.faults = faults
        self.isControllable = isControllable
        self.maximumConnections = maximumConnections
        self.receiveBudget = receiveBudget
        self.compression = compression
        self.recordingDirectory = recordingDirectory
        self.observer = observer
        self.logger = logger
    }
}
