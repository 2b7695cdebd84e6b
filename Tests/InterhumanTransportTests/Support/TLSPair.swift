import InterhumanCore
import NIOCore
import NIOEmbedded

@testable import InterhumanTransport

/// A client's and a server's TLS handler back to back, without sockets.
final class TLSPair {
    let clientSession: TLSSession
    let client = EmbeddedChannel()
    let server = EmbeddedChannel()
    let clientRecorder = ChannelRecorder()
    let serverRecorder = ChannelRecorder()

    init(client clientContext: TLSContext, server serverContext: TLSContext, host: String = "localhost") throws {
        clientSession = try TLSSession.client(clientContext, host: host, peer: "test")
        try client.pipeline.syncOperations.addHandlers([TLSHandler(takingOwnership: clientSession), clientRecorder])
        try server.pipeline.syncOperations.addHandlers([
            HalfClose(), TLSHandler(takingOwnership: TLSSession.server(serverContext)), serverRecorder,
        ])
        try server.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        try client.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
    }

    deinit {
        _ = try? client.finish(acceptAlreadyClosed: true)
        _ = try? server.finish(acceptAlreadyClosed: true)
    }

    /// Carries ciphertext both ways until nothing moves.
    func exchange(pieceSize: Int = .max) throws {
        var moved = true
        while moved {
            let up = try carry(from: client, to: server, pieceSize)
            let down = try carry(from: server, to: client, pieceSize)
            moved = up || down
        }
    }

    private func carry(from source: EmbeddedChannel, to target: EmbeddedChannel, _ pieceSize: Int) throws -> Bool {
        var moved = false
        while var buffer = try source.readOutbound(as: ByteBuffer.self) {
            moved = true
            while buffer.readableBytes > 0, target.isActive,
                let piece = buffer.readSlice(length: min(pieceSize, buffer.readableBytes))
            {
                try target.writeInbound(piece)
            }
        }
        return moved
    }
}

/// The last handler of a pipeline: keeps what it sees.
final class ChannelRecorder: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    var bytes: [UInt8] = []
    var errors: [ConnectionError] = []
    var isActive = false
    var wasActive = false
    var handshake: TLSHandshakeEnd?

    func channelActive(context: ChannelHandlerContext) {
        isActive = true
        wasActive = true
    }

    func channelInactive(context: ChannelHandlerContext) {
        isActive = false
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        bytes += unwrapInboundIn(data).readableBytesView
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if let event = event as? TLSHandshakeEnd { handshake = event }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if let error = error as? ConnectionError { errors.append(error) }
    }
}

/// Does what a socket does when its output is closed; an embedded channel would close altogether.
private final class HalfClose: ChannelOutboundHandler {
    typealias OutboundIn = ByteBuffer

    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        if mode == .output { promise?.succeed() } else { context.close(mode: mode, promise: promise) }
    }
}
