import InterhumanCore
import InterhumanWire
import Logging
import NIOCore

/// An open WebSocket and what the service said when it opened.
struct OpenedWebSocket: Sendable {
    let channel: WebSocketChannel
    let headers: [HeaderField]
}

/// A client's connection until the service has answered. Then it makes way for a ``WebSocketHandler``, or fails.
final class ClientHandshakeHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let settings: WebSocketSettings
    private let endpoint: ServiceEndpoint
    private let attempt: ConnectAttempt<OpenedWebSocket>
    private var handshake: ClientHandshake
    private var isOver = false

    init(
        _ handshake: ClientHandshake, settings: WebSocketSettings, endpoint: ServiceEndpoint,
        attempt: ConnectAttempt<OpenedWebSocket>
    ) {
        self.handshake = handshake
        self.settings = settings
        self.endpoint = endpoint
        self.attempt = attempt
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case is ProxyTunnelStart:
            attempt.stage = "answer through the proxy"
        case is TLSHandshakeStart:
            attempt.stage = "finish the TLS handshake"
        case let event as TLSHandshakeEnd:
            settings.logger.debug(
                "TLS negotiated", metadata: ["session": "\(event.description)", "resumed": "\(event.isResumed)"])
        default:
            break
        }
        context.fireUserInboundEventTriggered(event)
    }

    func channelActive(context: ChannelHandlerContext) {
        attempt.stage = "answer the WebSocket handshake"
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: handshake.request)), promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isOver else { return }
        let bytes = unwrapInboundIn(data)
        var leftover = ByteBuffer()
        var result: Result<ClientHandshake.Outcome?, WireError> = .success(nil)
        bytes.withUnsafeReadableBytes { pointer in
            var input = pointer
            do throws(WireError) {
                result = .success(try handshake.receive(&input))
            } catch {
                result = .failure(error)
            }
            leftover = ByteBuffer(bytes: input)
        }
        switch result {
        case .success(nil): break
        case .success(let outcome?): finish(context, outcome, leftover: leftover)
        case .failure(let error): fail(ConnectionError(wire: error, peer: settings.peer))
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        fail(ConnectionError(channel: error, operation: "connect to \(settings.peer)", peer: settings.peer))
    }

    func channelInactive(context: ChannelHandlerContext) {
        if !isOver {
            do throws(WireError) {
                finish(context, try handshake.receiveEndOfStream(), leftover: ByteBuffer())
            } catch {
                fail(ConnectionError(wire: error, peer: settings.peer))
            }
        }
        context.fireChannelInactive()
    }

    private func finish(_ context: ChannelHandlerContext, _ outcome: ClientHandshake.Outcome, leftover: ByteBuffer) {
        switch outcome {
        case .refused(let response):
            log(response.status, response.headers)
            fail(HandshakeRefusal.error(response, endpoint: endpoint))
        case .upgraded(let acceptance):
            log(101, acceptance.headers)
            open(context, acceptance, leftover: leftover)
        }
    }

    private func open(
        _ context: ChannelHandlerContext, _ acceptance: ClientHandshake.Acceptance, leftover: ByteBuffer
    ) {
        isOver = true
        let (handler, channel) = WebSocketChannel.make(
            over: context.channel, settings: settings, compression: acceptance.compression)
        // On the event loop and in an open channel this can't fail.
        try? context.pipeline.syncOperations.addHandler(handler, position: .after(self))
        // The service's first message may have come in the same record as the 101.
        if leftover.readableBytes > 0 { context.fireChannelRead(wrapInboundOut(leftover)) }
        context.pipeline.syncOperations.removeHandler(context: context, promise: nil)
        // When the try is over already (cancelled, too late), it closes this channel itself.
        attempt.finish(.success(OpenedWebSocket(channel: channel, headers: acceptance.headers)))
    }

    private func fail(_ error: ConnectionError) {
        guard !isOver else { return }
        isOver = true
        attempt.finish(.failure(error))
    }

    private func log(_ status: Int, _ headers: [HeaderField]) {
        settings.logger.debug(
            "handshake answered", metadata: ["status": "\(status)", "headers": "\(headers.map(\.description))"])
    }
}
