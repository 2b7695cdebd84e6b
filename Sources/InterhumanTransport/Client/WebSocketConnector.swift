public import InterhumanCore
import InterhumanWire
import Logging
import NIOCore
import NIOPosix

/// Opens connections to the service over TCP and, for `wss`, the system's OpenSSL.
///
/// One connector serves many connections and keeps what makes the next one cheap: the loaded certificates and the
/// resumable TLS sessions. Nothing needs to be closed.
public final class WebSocketConnector: AnalysisConnector {
    /// How it connects.
    public let configuration: WebSocketConnectorConfiguration
    private let tls = TLSContextCache()
    private let proxyTLS = TLSContextCache()
    /// Finds a name's addresses; nil for the system's own way.
    private let resolver: (@Sendable (any EventLoop) -> any Resolver & Sendable)?

    /// Creates a connector; nothing is opened or read yet.
    public convenience init(_ configuration: WebSocketConnectorConfiguration = WebSocketConnectorConfiguration()) {
        self.init(configuration, resolver: nil)
    }

    init(
        _ configuration: WebSocketConnectorConfiguration,
        resolver: (@Sendable (any EventLoop) -> any Resolver & Sendable)?
    ) {
        self.configuration = configuration
        self.resolver = resolver
    }

    /// Opens one connection. The deadline covers everything up to the service's 101.
    ///
    /// - Throws: `nameNotResolved`, `unreachable`, `timedOut`, `certificateRejected`, `tls`, `proxy`,
    ///   `proxyUnauthorized`, `unauthorized`, `refused`, `redirected`, `notWebSocket`, `connectionLost`,
    ///   `invalidSettings` or `cancelled`.
    public func connect(_ request: ConnectionRequest) async throws(ConnectionError) -> any AnalysisConnection {
        let opened = try await open(request)
        let correlationID = opened.headers.firstValue(of: "X-Correlation-ID")
        return WebSocketConnection(channel: opened.channel, correlationID: correlationID)
    }

    /// Opens one connection as a bare WebSocket, for messages that are not the service's.
    ///
    /// - Throws: As ``connect(_:)``.
    public func connectWebSocket(_ request: ConnectionRequest) async throws(ConnectionError) -> WebSocketChannel {
        try await open(request).channel
    }

    private func open(_ request: ConnectionRequest) async throws(ConnectionError) -> OpenedWebSocket {
        let endpoint = request.endpoint
        let operation = "connect to \(endpoint)"
        let handshake = try Self.handshake(request, compression: configuration.compression)
        let route = try await route(to: endpoint)
        let attempt = ConnectAttempt<OpenedWebSocket>()
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let timeout = configuration.connectTimeout
        let timer = loop.scheduleTask(in: TimeAmount(timeout)) {
            let stage = attempt.stage
            attempt.finish(.failure(.timedOut(operation, stage: stage, after: timeout)))
        }
        configuration.logger.debug(
            "connecting",
            metadata: [
                "endpoint": "\(endpoint)", "headers": "\(Self.headers(request).map(\.description))",
                "proxy": "\(route.proxy?.description ?? "none")",
            ])
        let result = await withTaskCancellationHandler {
            if !Task.isCancelled {
                start(attempt, on: loop, route: route, handshake: handshake)
            }
            return await attempt.outcome(deadline: timer)
        } onCancel: {
            attempt.finish(.failure(.cancelled(operation)))
        }
        if case .failure(let error) = result {
            configuration.logger.debug("not connected", metadata: ["error": "\(error)"])
        }
        return try result.get()
    }

    private func start(
        _ attempt: ConnectAttempt<OpenedWebSocket>, on loop: any EventLoop, route: Route, handshake: ClientHandshake
    ) {
        let configuration = configuration
        let settings = WebSocketSettings(
            role: .client, limits: configuration.limits, keepAlive: configuration.keepAlive,
            closeTimeout: configuration.closeTimeout, logger: configuration.logger,
            peer: "\(route.endpoint.host), port \(route.endpoint.port)")
        attempt.stage = "get an address from the name service"
        ClientBootstrap(group: loop)
            .resolver(resolver?(loop))
            // The try has its own deadline; this one only must not be shorter. To "for ever" nothing can be added.
            .connectTimeout(TimeAmount(min(configuration.connectTimeout, .seconds(365 * 86_400)) + .seconds(1)))
            .channelOption(SocketOptions.noDelay, value: 1)
            .channelOption(SocketOptions.keepAlive, value: 1)
            .channelOption(SocketOptions.userTimeout, value: configuration.acknowledgementTimeout.socketMilliseconds)
            .channelOption(SocketOptions.unsentLimit, value: 131_072)
            .channelOption(.writeBufferWaterMark, value: SocketOptions.waterMark)
            .channelOption(.recvAllocator, value: SocketOptions.allocator)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try attempt.adopt(channel)
                    attempt.stage = "accept a TCP connection"
                    try route.addHandlers(to: channel.pipeline.syncOperations, logger: settings.logger)
                    try channel.pipeline.syncOperations.addHandler(
                        ClientHandshakeHandler(
                            handshake, settings: settings, endpoint: route.endpoint, attempt: attempt))
                }
            }
            .connect(host: route.host, port: route.port)
            .whenFailure { error in
                attempt.finish(.failure(route.unreachable(error)))
            }
    }

    /// Finds the way and loads the certificates that it needs.
    private func route(to endpoint: ServiceEndpoint) async throws(ConnectionError) -> Route {
        let proxy: HTTPProxy? =
            switch configuration.proxy {
            case .environment: try ProxyEnvironment.process.proxy(for: endpoint)
            case .none: nil
            case .proxy(let proxy): proxy
            }
        return Route(
            endpoint: endpoint, proxy: proxy, proxyTLS: try await proxyTLS.context(for: proxy?.tls),
            tls: try await tls.context(for: endpoint.isSecure ? configuration.tls : nil))
    }

    private static func handshake(
        _ request: ConnectionRequest, compression: (any CompressionNegotiation)?
    ) throws(ConnectionError) -> ClientHandshake {
        var generator = SystemRandomNumberGenerator()
        let nonce = (0..<HandshakeKey.byteCount).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        do throws(WireError) {
            guard let key = HandshakeKey(bytes: nonce) else {
                throw WireError(.misuse, operation: "make a nonce", message: "The nonce has a wrong length.")
            }
            return try ClientHandshake(
                ClientHandshake.Request(
                    target: request.endpoint.target, authority: request.endpoint.authority, key: key,
                    subprotocols: subprotocols(request), compression: compression, headers: headers(request)))
        } catch {
            throw ConnectionError(
                .invalidSettings, operation: error.operation, message: error.message, underlying: error.underlying)
        }
    }

    private static func subprotocols(_ request: ConnectionRequest) -> [String] {
        switch request.credentialPlacement {
        case .authorizationHeader: []
        case .subprotocolPair: ["access_token", request.credential.reveal()]
        case .subprotocol: [request.credential.reveal()]
        }
    }

    private static func headers(_ request: ConnectionRequest) -> [HeaderField] {
        guard request.credentialPlacement == .authorizationHeader else { return request.headers }
        return [HeaderField("Authorization", "Bearer \(request.credential.reveal())")] + request.headers
    }
}
