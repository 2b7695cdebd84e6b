import InterhumanCore
import InterhumanWire
import Logging
import NIOCore

/// A server's connection until its request is answered. Then it makes way for a ``WebSocketHandler``, or ends.
final class ServerHandshakeHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = Never
    typealias OutboundOut = ByteBuffer

    private enum Phase {
        case reading
        /// The request is with the user's handler; nothing is read meanwhile.
        case answering(UpgradeRequest?)
        /// Answered: what still comes is discarded until the client closes.
        case answered
        case closed
    }

    private var settings: WebSocketSettings
    private let timeout: Duration
    private let isOverLimit: Bool
    private let onRequest: (ServerExchange) -> Void
    private var phase = Phase.reading
    private var handshake = ServerHandshake()
    private var leftover = ByteBuffer()
    private var readIsHeld = false
    private var timer: Scheduled<Void>?
    private var context: ChannelHandlerContext?
    /// The WebSocket that came of it.
    private(set) var accepted: WebSocketChannel?

    /// - Parameters:
    ///   - timeout: For the request, and later for the client to close.
    ///   - isOverLimit: Whether to answer any request with 503.
    init(
        settings: WebSocketSettings, timeout: Duration, isOverLimit: Bool,
        onRequest: @escaping (ServerExchange) -> Void
    ) {
        self.settings = settings
        self.timeout = timeout
        self.isOverLimit = isOverLimit
        self.onRequest = onRequest
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        startTimer(context)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        timer?.cancel()
        phase = .closed
        self.context = nil
    }

    func channelInactive(context: ChannelHandlerContext) {
        timer?.cancel()
        phase = .closed
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        settings.logger.debug("handshake failed", metadata: ["error": "\(error)"])
        context.close(promise: nil)
    }

    func read(context: ChannelHandlerContext) {
        if case .answering = phase { readIsHeld = true } else { context.read() }
    }

    func triggerUserOutboundEvent(context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?) {
        guard event is ConnectionShutdown else {
            context.triggerUserOutboundEvent(event, promise: promise)
            return
        }
        promise?.succeed()
        context.close(promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .reading = phase else { return }
        let bytes = unwrapInboundIn(data)
        var outcome: ServerHandshake.Outcome?
        bytes.withUnsafeReadableBytes { pointer in
            var input = pointer
            outcome = handshake.receive(&input)
            leftover = ByteBuffer(bytes: input)
        }
        guard let outcome else { return }
        timer?.cancel()
        if isOverLimit {
            phase = .answering(nil)
            let answer = settings.busyAnswer?()
            let headers = [HeaderField("Retry-After", "1")] + (answer?.headers ?? [])
            respond(status: 503, headers: headers, body: answer?.body ?? [])
            return
        }
        switch outcome {
        case .refuse(let response, let error):
            settings.logger.debug("request refused", metadata: ["error": "\(error)", "status": "\(response.status)"])
            phase = .answering(nil)
            respond(status: response.status, headers: response.headers, body: response.body)
        case .upgrade(let request):
            phase = .answering(request)
            onRequest(exchange(context, HTTPRequest(request), subprotocols: request.subprotocols, isUpgrade: true))
        case .request(let request):
            phase = .answering(nil)
            onRequest(exchange(context, request, subprotocols: [], isUpgrade: false))
        }
    }

    private func exchange(
        _ context: ChannelHandlerContext, _ request: HTTPRequest, subprotocols: [String], isUpgrade: Bool
    ) -> ServerExchange {
        settings.logger.debug(
            "request received",
            metadata: ["request": "\(request)", "headers": "\(request.headers.map(\.description))"])
        let path = request.target.prefix { $0 != "?" }
        return ServerExchange(
            method: request.method, target: request.target, path: String(path),
            query: QueryParameters.parse(request.target.dropFirst(path.count + 1)), headers: request.headers,
            remoteAddress: context.remoteAddress.map { "\($0.ipAddress ?? "unknown"):\($0.port ?? 0)" } ?? "unknown",
            offeredSubprotocols: subprotocols, isWebSocketUpgrade: isUpgrade, body: request.body,
            answer: ServerAnswer(eventLoop: context.eventLoop, handler: self))
    }

    // MARK: Answers

    func accept(
        subprotocol: String?, headers: [HeaderField], oversizeText: (@Sendable () -> String)?, receiveLimit: Int?,
        receiveRate: ReceiveRate?
    ) -> Result<WebSocketChannel, ConnectionError> {
        guard case .answering(let upgrade) = phase, let context, context.channel.isActive else {
            return .failure(
                ConnectionError(
                    .closed, operation: "accept a WebSocket",
                    message: "The request was answered already, or the client has gone."))
        }
        guard let upgrade else {
            return .failure(
                ConnectionError(
                    .notWebSocket, operation: "accept a WebSocket",
                    message: "The request asks for no WebSocket. Answer it with a response."))
        }
        do throws(WireError) {
            let acceptance = try upgrade.accept(
                subprotocol: subprotocol, compression: settings.compression, headers: headers)
            settings.oversizeText = oversizeText ?? settings.oversizeText
            if let receiveLimit {
                // Before the client is told that it may send. On the event loop and in an open channel it can't fail.
                try? context.pipeline.syncOperations.addHandler(
                    ReceiveLimitHandler(byteCount: receiveLimit), position: .first)
            }
            if let receiveRate {
                try? context.pipeline.syncOperations.addHandler(ReceiveRateHandler(receiveRate), position: .first)
            }
            return .success(open(context, acceptance))
        } catch {
            return .failure(
                ConnectionError(.invalidSettings, operation: "accept a WebSocket", message: error.message))
        }
    }

    private func open(_ context: ChannelHandlerContext, _ acceptance: UpgradeRequest.Acceptance) -> WebSocketChannel {
        phase = .answered
        let (handler, channel) = WebSocketChannel.make(
            over: context.channel, settings: settings, compression: acceptance.compression)
        accepted = channel
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: acceptance.response)), promise: nil)
        // On the event loop and in an open channel neither can fail.
        try? context.pipeline.syncOperations.addHandler(handler, position: .after(self))
        if leftover.readableBytes > 0 { context.fireChannelRead(wrapInboundOut(leftover)) }
        let mustRead = readIsHeld
        let pipeline = context.pipeline
        context.pipeline.syncOperations.removeHandler(context: context, promise: nil)
        if mustRead { pipeline.read() }
        return channel
    }

    /// - Parameter completion: Called when the response is written, or can't be.
    func respond(status: Int, headers: [HeaderField], body: [UInt8], completion: @escaping () -> Void = {}) {
        guard case .answering = phase, let context else {
            completion()
            return
        }
        phase = .answered
        let response = HTTPResponse(status: status, headers: headers, body: body)
        let encoded = (try? response.encoded()) ?? (try? HTTPResponse(status: 500).encoded()) ?? []
        settings.logger.debug("request answered", metadata: ["status": "\(status)"])
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: encoded))).assumeIsolated().whenComplete { _ in
            completion()
        }
        // Half-close and wait for the client: closing with its bytes unread would reset the connection, and the
        // response could be lost.
        context.close(mode: .output, promise: nil)
        startTimer(context)
        if readIsHeld {
            readIsHeld = false
            context.read()
        }
    }

    private func startTimer(_ context: ChannelHandlerContext) {
        timer?.cancel()
        timer = context.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(timeout)) { [weak self] in
            guard let self, let context = self.context else { return }
            settings.logger.debug("handshake timed out")
            context.triggerUserOutboundEvent(ChannelAbort(), promise: nil)
            context.close(promise: nil)
        }
    }
}

/// Asks a connection to end because its server shuts down.
struct ConnectionShutdown {}

extension HTTPRequest {
    /// The request of an upgrade.
    fileprivate init(_ upgrade: UpgradeRequest) {
        self.init(method: "GET", target: upgrade.target, headers: upgrade.headers)
    }
}
