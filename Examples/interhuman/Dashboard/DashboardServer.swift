import NIOCore
import NIOHTTP1
import NIOPosix

/// Serves the dashboard on the loopback interface.
struct DashboardServer: Sendable {
    typealias Connection = NIOAsyncChannel<HTTPServerRequestPart, HTTPServerResponsePart>
    typealias Listener = NIOAsyncChannel<Connection, Never>

    /// Connections at a time; what is more is closed at once.
    static let maximumConnections = 48

    let port: Int
    private let listener: Listener

    /// Listens.
    ///
    /// - Throws: ``DashboardError``.
    init(port: Int) async throws(DashboardError) {
        do {
            listener = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
                .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
                .serverChannelOption(.backlog, value: 16)
                .bind(host: "127.0.0.1", port: port) { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.configureHTTPServerPipeline(withErrorHandling: true)
                        return try Connection(
                            wrappingChannelSynchronously: channel,
                            configuration: .init(
                                backPressureStrategy: .init(lowWatermark: 1, highWatermark: 4),
                                isOutboundHalfClosureEnabled: false))
                    }
                }
        } catch {
            throw DashboardError(
                "The dashboard can't listen on 127.0.0.1:\(port): \(error). Give another port, or 0 for a free one.")
        }
        self.port = listener.channel.localAddress?.port ?? port
    }

    /// Answers until it is stopped.
    func run(_ site: DashboardSite) async {
        // A failing listener ends the dashboard, not the session.
        try? await listener.executeThenClose { connections in
            try await withThrowingDiscardingTaskGroup { group in
                let places = Places(Self.maximumConnections)
                for try await connection in connections {
                    guard places.take() else {
                        try? await connection.channel.close()
                        continue
                    }
                    group.addTask {
                        defer { places.leave() }
                        // A browser that goes away is no failure.
                        try? await site.serve(connection)
                    }
                }
            }
        }
    }

    /// Stops listening, and ends every connection.
    func stop() async {
        try? await listener.channel.close()
    }
}

/// The dashboard can't be shown.
struct DashboardError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
