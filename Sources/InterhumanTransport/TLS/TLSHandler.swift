import InterhumanCore
import NIOCore

/// TLS in a channel: ciphertext below, plaintext above.
///
/// `channelActive` goes up when the handshake is complete, so that handlers above need not know that there is TLS.
final class TLSHandler: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private enum State {
        case idle
        case handshaking
        case open
        /// close_notify was sent; still reading.
        case outputClosed
        case closed
    }

    /// Ciphertext that takes longer to make than to hand to the kernel.
    private static let largeByteCount = 32_768

    private let session: TLSSession
    private let refusesRemotePeers: Bool
    private var state = State.idle
    private var receivedCloseNotify = false

    /// Takes a new session over.
    ///
    /// - Parameter refusesRemotePeers: Whether to fail unless the connection ends on this machine.
    init(takingOwnership session: TLSSession, refusesRemotePeers: Bool = false) {
        self.session = session
        self.refusesRemotePeers = refusesRemotePeers
    }

    func handlerAdded(context: ChannelHandlerContext) {
        if context.channel.isActive { begin(context) }
    }

    func channelActive(context: ChannelHandlerContext) {
        begin(context)
    }

    private func begin(_ context: ChannelHandlerContext) {
        guard case .idle = state else { return }
        state = .handshaking
        context.fireUserInboundEventTriggered(TLSHandshakeStart())
        if refusesRemotePeers, context.remoteAddress?.isLoopback != true {
            fail(context, .unverifiedRemotePeer(session.peer))
            return
        }
        advance(context)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        // What comes after the end is of no use and must not pile up.
        if case .closed = state { return }
        guard !receivedCloseNotify else { return }
        session.transport.receive(unwrapInboundIn(data))
        advance(context)
    }

    func channelInactive(context: ChannelHandlerContext) {
        session.transport.isAtEnd = true
        switch state {
        case .idle, .handshaking:
            context.fireErrorCaught(TLSFailure.endedEarly(session.peer))
        case .open where !receivedCloseNotify:
            context.fireErrorCaught(TLSFailure.truncated(session.peer))
        case .open, .outputClosed, .closed:
            break
        }
        state = .closed
        context.fireChannelInactive()
    }

    private func advance(_ context: ChannelHandlerContext) {
        if case .handshaking = state {
            let progress = session.handshake()
            flushOutgoing(context)
            switch progress {
            case .done:
                if let name = session.unexpectedProtocol {
                    fail(context, TLSFailure.otherProtocol(name, session.peer))
                    return
                }
                state = .open
                context.fireUserInboundEventTriggered(
                    TLSHandshakeEnd(description: session.description, isResumed: session.isResumed))
                context.fireChannelActive()
            case .waiting:
                return
            case .closed:
                fail(context, TLSFailure.endedEarly(session.peer))
            case .failed(let underlying):
                fail(context, TLSFailure.error(in: session, underlying: underlying, isHandshake: true))
            }
        }
        switch state {
        case .open, .outputClosed: decrypt(context)
        case .idle, .handshaking, .closed: break
        }
    }

    private func decrypt(_ context: ChannelHandlerContext) {
        // Plaintext is never longer than its ciphertext; OpenSSL may hold the beginning of a record besides.
        var progress = TLSSession.Progress.done
        let plaintext = BufferPool.current.filled(capacity: session.transport.incomingCount + 4096) { buffer in
            progress = session.read(into: &buffer)
        }
        flushOutgoing(context)
        if plaintext.readableBytes > 0 {
            context.fireChannelRead(wrapInboundOut(plaintext))
        }
        switch progress {
        case .done, .waiting:
            break
        case .closed:
            receivedCloseNotify = true
            context.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
            close(context: context, mode: .all, promise: nil)
        case .failed(let underlying):
            if case .closed = state { return }
            fail(context, TLSFailure.error(in: session, underlying: underlying, isHandshake: false))
        }
    }

    /// Reports a failure, sends the alert that OpenSSL may have made, and closes.
    private func fail(_ context: ChannelHandlerContext, _ error: ConnectionError) {
        state = .closed
        context.fireErrorCaught(error)
        flushOutgoing(context)
        context.close(promise: nil)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard case .open = state else {
            promise?.fail(ChannelError.outputClosed)
            return
        }
        let (ciphertext, progress) = session.write(unwrapOutboundIn(data))
        guard case .done = progress else {
            let error = TLSFailure.unwritten(session, progress)
            promise?.fail(error)
            fail(context, error)
            return
        }
        guard let ciphertext else {
            promise?.succeed()
            return
        }
        context.write(wrapOutboundOut(ciphertext), promise: promise)
        // The peer decrypts a large piece while the next one is encrypted here, and its memory is free again at once.
        if ciphertext.readableBytes >= Self.largeByteCount { context.flush() }
    }

    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        switch (mode, state) {
        case (.input, _), (_, .idle), (_, .handshaking), (_, .closed):
            state = .closed
            context.close(mode: mode, promise: promise)
        case (.output, .open):
            state = .outputClosed
            closeAfterNotify(context, mode: .output, promise: promise)
        case (.output, .outputClosed):
            promise?.succeed()
        case (.all, .open), (.all, .outputClosed):
            state = .closed
            closeAfterNotify(context, mode: .all, promise: promise)
        }
    }

    func triggerUserOutboundEvent(context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?) {
        if event is ChannelAbort { state = .closed }
        context.triggerUserOutboundEvent(event, promise: promise)
    }

    /// Sends close_notify and closes when it is on its way.
    private func closeAfterNotify(_ context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        session.shutDown()
        guard let notify = session.transport.takeOutgoing() else {
            context.close(mode: mode, promise: promise)
            return
        }
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        context.writeAndFlush(wrapOutboundOut(notify)).whenComplete { _ in
            bound.value.close(mode: mode, promise: promise)
        }
    }

    private func flushOutgoing(_ context: ChannelHandlerContext) {
        guard let ciphertext = session.transport.takeOutgoing() else { return }
        context.writeAndFlush(wrapOutboundOut(ciphertext), promise: nil)
    }
}

/// Announces, as an outbound event before `close`, that nothing more is to be sent: no close_notify.
struct ChannelAbort {}

/// Tells the handlers above, before `channelActive`, that TCP is connected and TLS begins.
struct TLSHandshakeStart {}

/// Tells the handlers above, before `channelActive`, what was negotiated.
struct TLSHandshakeEnd {
    /// Version and cipher.
    let description: String
    /// Whether an earlier session was taken up.
    let isResumed: Bool
}
