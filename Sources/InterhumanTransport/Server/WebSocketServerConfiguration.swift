public import InterhumanCore
public import InterhumanWire
public import Logging

/// Where a ``WebSocketServer`` listens and what it allows.
public struct WebSocketServerConfiguration: Sendable {
    /// Name or address of the interface to listen on.
    public var host: String
    /// Port; 0 takes a free one.
    public var port: Int
    /// Certificate and key; nil for plain TCP.
    public var tls: TLSServerConfiguration?
    /// What a client may send over an open WebSocket.
    public var limits: WebSocketLimits
    /// What all connections may hold together of what clients sent. Default nil: the limits of each are all.
    public var receiveBudget: ReceiveBudget?
    /// Most connections at a time; one more is answered with 503, or not at all when there are many more.
    public var maximumConnections: Int
    /// How long a client may take for TLS and its request.
    public var handshakeTimeout: Duration
    /// How long the closing handshake and the client's FIN may take together.
    public var closeTimeout: Duration
    /// How dead clients are noticed; nil sends no pings.
    public var keepAlive: KeepAlive?
    /// How long bytes that were sent may go unacknowledged, or a client may take none, before the kernel gives the
    /// connection up (`TCP_USER_TIMEOUT`).
    public var acknowledgementTimeout: Duration
    /// Compression to agree to when a client offers it, such as InterhumanDeflate's `PerMessageDeflate`; nil for none.
    /// Only text is compressed: media does not get smaller, and costs some sixty times the processor time.
    public var compression: (any CompressionNegotiation)?
    /// A text message that goes out before close code 1009, when a client's message is over the limit. Called on an
    /// event loop: make it quick.
    public var oversizeText: (@Sendable () -> String)?
    /// What goes with the 503 that a connection over the limit gets, besides `Retry-After`. Called on an event loop: make
    /// it quick.
    public var busyAnswer: (@Sendable () -> (headers: [HeaderField], body: [UInt8]))?
    /// Where the server tells what happens. Payloads and secrets never go there.
    public var logger: Logger

    /// Creates a configuration; the default listens without TLS on a free port of 127.0.0.1.
    public init(
        host: String = "127.0.0.1", port: Int = 0, tls: TLSServerConfiguration? = nil,
        limits: WebSocketLimits = WebSocketLimits(), receiveBudget: ReceiveBudget? = nil,
        maximumConnections: Int = 1024,
        handshakeTimeout: Duration = .seconds(10), closeTimeout: Duration = .seconds(5),
        keepAlive: KeepAlive? = KeepAlive(), acknowledgementTimeout: Duration = .seconds(60),
        compression: (any CompressionNegotiation)? = nil,
        oversizeText: (@Sendable () -> String)? = nil,
        busyAnswer: (@Sendable () -> (headers: [HeaderField], body: [UInt8]))? = nil,
        logger: Logger = Logger(label: "interhuman.server", factory: { _ in SwiftLogNoOpLogHandler() })
    ) {
        self.host = host
        self.port = port
        self.tls = tls
        self.limits = limits
        self.receiveBudget = receiveBudget
        self.maximumConnections = maximumConnections
        self.handshakeTimeout = handshakeTimeout
        self.closeTimeout = closeTimeout
        self.keepAlive = keepAlive
        self.acknowledgementTimeout = acknowledgementTimeout
        self.compression = compression
        self.oversizeText = oversizeText
        self.busyAnswer = busyAnswer
        self.logger = logger
    }
}
