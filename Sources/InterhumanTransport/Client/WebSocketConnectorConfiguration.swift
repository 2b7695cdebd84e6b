public import InterhumanWire
public import Logging

/// How a ``WebSocketConnector`` connects and keeps connections.
public struct WebSocketConnectorConfiguration: Sendable {
    /// How TLS endpoints (`wss`) are secured.
    public var tls: TLSConfiguration
    /// Which proxy connections go through.
    public var proxy: ProxySetting
    /// How long everything up to the service's 101 may take together: name, TCP, TLS, handshake.
    public var connectTimeout: Duration
    /// How a dead service or network is noticed; nil sends no pings.
    public var keepAlive: KeepAlive?
    /// How long the closing handshake and the service's FIN may take together.
    public var closeTimeout: Duration
    /// How long bytes that were sent may go unacknowledged, or the service may take none, before the kernel gives the
    /// connection up (`TCP_USER_TIMEOUT`).
    public var acknowledgementTimeout: Duration
    /// What the service may send.
    public var limits: WebSocketLimits
    /// Compression to offer, such as InterhumanDeflate's `PerMessageDeflate`; nil for none. Only text is compressed:
    /// media does not get smaller, and costs some sixty times the processor time.
    public var compression: (any CompressionNegotiation)?
    /// Where the connector tells what happens. Payloads and secrets never go there.
    public var logger: Logger

    /// Creates a configuration; see the properties for units.
    public init(
        tls: TLSConfiguration = TLSConfiguration(), proxy: ProxySetting = .environment,
        connectTimeout: Duration = .seconds(15),
        keepAlive: KeepAlive? = KeepAlive(), closeTimeout: Duration = .seconds(5),
        acknowledgementTimeout: Duration = .seconds(60), limits: WebSocketLimits = WebSocketLimits(),
        compression: (any CompressionNegotiation)? = nil,
        logger: Logger = Logger(label: "interhuman.transport", factory: { _ in SwiftLogNoOpLogHandler() })
    ) {
        self.tls = tls
        self.proxy = proxy
        self.connectTimeout = connectTimeout
        self.keepAlive = keepAlive
        self.closeTimeout = closeTimeout
        self.acknowledgementTimeout = acknowledgementTimeout
        self.limits = limits
        self.compression = compression
        self.logger = logger
    }
}
