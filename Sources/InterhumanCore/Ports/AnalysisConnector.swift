/// Opens connections to the service. A connector rather than a connection is what a session is given, because
/// reconnecting needs fresh ones.
public protocol AnalysisConnector: Sendable {
    /// Opens one connection; returns when the WebSocket is open.
    ///
    /// Cancelling the calling task frees everything that the attempt held.
    ///
    /// - Throws: ``ConnectionError``.
    func connect(_ request: ConnectionRequest) async throws(ConnectionError) -> any AnalysisConnection
}

/// What a connector needs to know for one connection.
public struct ConnectionRequest: Sendable {
    /// Where to.
    public var endpoint: ServiceEndpoint
    /// The secret that opens the door.
    public var credential: Credential
    /// Where in the handshake the secret goes.
    public var credentialPlacement: CredentialPlacement
    /// Further header fields of the handshake request (`Origin`, `X-Client-Request-Id`, …).
    public var headers: [HeaderField]

    /// Creates a request.
    public init(
        endpoint: ServiceEndpoint, credential: Credential,
        credentialPlacement: CredentialPlacement = .authorizationHeader, headers: [HeaderField] = []
    ) {
        self.endpoint = endpoint
        self.credential = credential
        self.credentialPlacement = credentialPlacement
        self.headers = headers
    }
}

/// One open connection to the service.
public protocol AnalysisConnection: Sendable {
    /// The service's name for the connection (`X-Correlation-ID`), where it gave one.
    var correlationID: String? { get }

    /// How long the service took to answer the last ping; nil where nobody measures it.
    var roundTrip: Duration? { get }

    /// What comes from the service, in order; the last element is always ``ConnectionEvent/ended(_:)``. One consumer.
    var events: MediaSequence<ConnectionEvent, Never> { get }

    /// Sends a session configuration (a text frame without `type`).
    func send(_ configuration: SessionConfiguration) async throws(ConnectionError)

    /// Sends a segment as one binary message. Returns when it was handed to the network, waiting while the peer is
    /// slow.
    ///
    /// - Parameters:
    ///   - segment: What to send.
    ///   - includingHeader: Whether the container's header goes before it in the same message.
    func send(_ segment: MediaSegment, includingHeader: Bool) async throws(ConnectionError)

    /// Asks the service to finish and end the session (`session.close`).
    func requestClose() async throws(ConnectionError)

    /// Ends the connection: the closing handshake, then the socket. Returns when everything is freed.
    func close() async
}

extension AnalysisConnection {
    /// Not measured.
    public var roundTrip: Duration? { nil }
}

/// One thing that a connection has to tell.
public enum ConnectionEvent: Sendable {
    /// A message of the service.
    case message(ServerMessage)
    /// The connection is over; nothing follows.
    case ended(ConnectionEnding)
}
