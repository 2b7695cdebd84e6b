import InterhumanCore
import InterhumanWire
import Logging
import NIOCore

/// An open WebSocket in a channel: moves bytes between the channel and Wire's machine, whole messages between the
/// machine and its users. Last handler of its pipeline; everything in it happens on the channel's event loop.
final class WebSocketHandler: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = Never
    typealias OutboundOut = ByteBuffer

    let settings: WebSocketSettings
    let queue: MessageQueue<WebSocketChannel.Message>
    let roundTrip = RoundTrip()
    var machine: WebSocketMachine
    var context: ChannelHandlerContext?
    var traffic = ConnectionTraffic()
    private(set) var opened = NIODeadline.now()

    // Sending.
    /// Messages that are not written to the end, in order.
    var outbox = CircularBuffer<PendingMessage>()
    /// Messages that are written, whose senders wait until the channel takes more.
    var written: [PendingMessage] = []
    var isPumping = false

    // Reading.
    private(set) var isReadHeld = false
    /// What of the message that arrives is counted in the settings' account.
    private var countedByteCount = 0

    // Life.
    var pingTimer: Scheduled<Void>?
    /// Runs while a sign of life is awaited: any byte of the peer ends it.
    var pongTimer: Scheduled<Void>?
    /// Goes with the ping that waits in the machine when it is written.
    var pingPromise: EventLoopPromise<Void>?
    /// From the making of a ping until the kernel has it, or can't have it any more.
    var isPingUnderWay = false

    // Ending.
    var closeTimer: Scheduled<Void>?
    /// Whether this side began to end the connection, so that what still comes may be dropped.
    var isClosing = false
    /// What broke the connection, the first time something did.
    var failure: ConnectionError?
    var ending: ConnectionEnding?
    var endingWaiters: [(ConnectionEnding) -> Void] = []

    init(
        settings: WebSocketSettings, compression: (any MessageCompression)?,
        queue: MessageQueue<WebSocketChannel.Message>
    ) {
        self.settings = settings
        self.queue = queue
        machine = WebSocketMachine(role: settings.role, limits: settings.limits, compression: compression)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        opened = context.eventLoop.now
        schedulePing()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        end()
        self.context = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = unwrapInboundIn(data)
        pongTimer.take()?.cancel()
        bytes.withUnsafeReadableBytes { pointer in
            var input = pointer
            while let action = machine.receive(&input) { perform(action) }
        }
        count()
        pump()
    }

    /// Counts what arrives; a connection that may hold no more is closed.
    private func count() {
        guard let account = settings.account else { return }
        let arriving = machine.arrivingByteCount
        account.add(arriving - countedByteCount)
        countedByteCount = arriving
        // A peer may go on sending after our close frame: that is memory as well.
        guard machine.ending == nil, !account.isCovered else { return }
        let error = WireError(
            .limitExceeded, operation: "receive a message",
            message: "There is no memory for more messages now. Send less at a time, or try again later.",
            closeCode: .tryAgainLater)
        machine.abort(with: error)
        perform(.failed(error))
        var nothing = UnsafeRawBufferPointer(start: nil, count: 0)
        while let action = machine.receive(&nothing) { perform(action) }
        count()
    }

    /// Does what the machine asks for.
    func perform(_ action: WebSocketAction) {
        switch action {
        case .text(let text):
            deliver(.text(text), byteCount: text.utf8.count)
        case .binary(let bytes):
            deliver(.binary(bytes), byteCount: bytes.count)
        case .ping:
            break
        case .pong:
            roundTrip.pongReceived()
        case .closeReceived(let code, let reason):
            settings.logger.debug(
                "close frame received", metadata: ["code": "\(code)", "bytes": "\(reason.utf8.count)"])
        case .failed(let error):
            fail(error)
        case .endTransport(let ending):
            endTransport(ending)
        }
    }

    private func deliver(_ message: WebSocketChannel.Message, byteCount: Int) {
        traffic.messagesReceived += 1
        traffic.bytesReceived += byteCount
        settings.logger.trace("message received", metadata: ["bytes": "\(byteCount)"])
        if isClosing, queue.pausesReading() { return }
        queue.append(message, byteCount: byteCount)
    }

    // MARK: Back-pressure of the consumer

    /// Every read of the channel passes here first, because this is the pipeline's last handler.
    func read(context: ChannelHandlerContext) {
        if !isClosing, queue.pausesReading() {
            isReadHeld = true
        } else {
            context.read()
        }
    }

    func triggerUserOutboundEvent(context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?) {
        switch event {
        case is ReadingResumption: resumeReading()
        case is ConnectionShutdown: close(code: 1001, reason: "")
        default:
            context.triggerUserOutboundEvent(event, promise: promise)
            return
        }
        promise?.succeed()
    }

    /// Reads again after the consumer made room.
    func resumeReading() {
        guard isReadHeld else { return }
        isReadHeld = false
        context?.read()
    }

    // MARK: The channel's state

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        pump()
        context.fireChannelWritabilityChanged()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        // TLS has ended; the socket goes as soon as what waits for it is written, or at the deadline.
        if case .inputClosed = event as? ChannelEvent { startCloseTimer() }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        note(ConnectionError(channel: error, operation: "receive from \(settings.peer)", peer: settings.peer))
    }

    func channelInactive(context: ChannelHandlerContext) {
        while let action = machine.receiveEndOfStream() {
            if case .failed(let error) = action { fail(error) }
        }
        end()
        context.fireChannelInactive()
    }
}

/// Tells a connection that its consumer made room.
struct ReadingResumption {}
