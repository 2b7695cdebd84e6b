public import InterhumanCore
import InterhumanWire
import Logging
import NIOCore
import NIOPosix

/// A WebSocket server over TCP or TLS: what the local service stands on.
public final class WebSocketServer: Sendable {
    /// The port that it listens on.
    public let port: Int
    private let channel: any Channel
    private let connections: ServerConnections

    private init(channel: any Channel, port: Int, connections: ServerConnections) {
        self.channel = channel
        self.port = port
        self.connections = connections
    }

    /// Binds and begins to accept.
    ///
    /// - Parameters:
    ///   - configuration: Where to listen and what to allow.
    ///   - handler: Runs in a task of its own for each request. When it returns, an unanswered request gets a 500 and
    ///     a WebSocket that is still open is closed with 1000.
    /// - Throws: `invalidSettings` when certificate or key can't be used, `system` when the port can't be had.
    public static func start(
        _ configuration: WebSocketServerConfiguration,
        handler: @escaping @Sendable (ServerExchange) async -> Void
    ) async throws(ConnectionError) -> WebSocketServer {
        let tls = try await configuration.tls.context()
        let connections = ServerConnections()
        let ledger = configuration.receiveBudget.map(ReceiveLedger.init)
        let bootstrap = ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.backlog, value: 1024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(SocketOptions.noDelay, value: 1)
            .childChannelOption(SocketOptions.keepAlive, value: 1)
            .childChannelOption(
                SocketOptions.userTimeout, value: configuration.acknowledgementTimeout.socketMilliseconds
            )
            .childChannelOption(.writeBufferWaterMark, value: SocketOptions.waterMark)
            .childChannelOption(.recvAllocator, value: SocketOptions.allocator)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try prepare(
                        channel, configuration, tls: tls, ledger: ledger, connections: connections, handler: handler)
                }
            }
        do {
            let channel = try await bootstrap.bind(host: configuration.host, port: configuration.port).get()
            let port = channel.localAddress?.port ?? configuration.port
            configuration.logger.info("listening", metadata: ["host": "\(configuration.host)", "port": "\(port)"])
            return WebSocketServer(channel: channel, port: port, connections: connections)
        } catch {
            throw ConnectionError(
                .system, operation: "listen on \(configuration.host), port \(configuration.port)",
                message: "The port can't be listened on. Choose another, or 0 for any that is free.",
                underlying: String(describing: error))
        }
    }

    /// Stops accepting, closes every connection (1001), and waits until all handlers have returned. Tasks of handlers
    /// that go on after their connection are cancelled.
    public func shutdown() async {
        try? await channel.close().get()
        await connections.shutDown()
    }

    private static func prepare(
        _ channel: any Channel, _ configuration: WebSocketServerConfiguration, tls: TLSContext?,
        ledger: ReceiveLedger?, connections: ServerConnections,
        handler: @escaping @Sendable (ServerExchange) async -> Void
    ) throws {
        guard let count = connections.add(channel), count <= configuration.maximumConnections + 64 else {
            throw ChannelError.ioOnClosedChannel
        }
        let settings = WebSocketSettings(
            role: .server, limits: configuration.limits, keepAlive: configuration.keepAlive,
            closeTimeout: configuration.closeTimeout, compression: configuration.compression,
            oversizeText: configuration.oversizeText, busyAnswer: configuration.busyAnswer,
            account: ledger.map(ReceiveLedger.Account.init),
            logger: configuration.logger, peer: "the client")
        if let tls {
            let session = try TLSSession.server(tls)
            try channel.pipeline.syncOperations.addHandler(TLSHandler(takingOwnership: session))
        }
        let handshake = ServerHandshakeHandler(
            settings: settings, timeout: configuration.handshakeTimeout,
            isOverLimit: count > configuration.maximumConnections
        ) { exchange in
            connections.run {
                await handler(exchange)
                await exchange.answer.end()
            }
        }
        try channel.pipeline.syncOperations.addHandler(handshake)
    }
}

extension TLSServerConfiguration? {
    /// Reads certificate and key, off the cooperative pool.
    fileprivate func context() async throws(ConnectionError) -> TLSContext? {
        guard let configuration = self else { return nil }
        return try await Blocking.run { () throws(ConnectionError) in try TLSContext.server(configuration) }
    }
}
