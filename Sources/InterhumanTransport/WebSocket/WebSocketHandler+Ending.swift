import InterhumanCore
import InterhumanWire
import Logging
import NIOCore

extension WebSocketHandler {
    /// Begins the closing handshake.
    func close(code: UInt16, reason: String) {
        guard ending == nil else { return }
        isClosing = true
        let wanted = WebSocketCloseCode(rawValue: code)
        // A code that may not be sent, or a long reason, must not keep the connection open.
        let fitting = reason.utf8.count <= 123 ? reason : ""
        try? machine.close(wanted.maySend ? wanted : .normal, reason: fitting)
        startCloseTimer()
        writeControlFramesNow()
        failOutbox()
        resumeReading()
    }

    /// Drops the connection.
    func abort(_ error: ConnectionError) {
        guard ending == nil, let context else { return }
        isClosing = true
        note(error)
        context.triggerUserOutboundEvent(ChannelAbort(), promise: nil)
        context.close(promise: nil)
    }

    /// Keeps the first cause of the end.
    func note(_ error: ConnectionError) {
        if failure == nil { failure = error }
        settings.logger.debug("connection failed", metadata: ["error": "\(error)"])
    }

    /// The machine found the peer at fault, or the stream's end.
    func fail(_ error: WireError) {
        isClosing = true
        if error.closeCode == .messageTooBig { writeOversizeText() }
        note(ConnectionError(wire: error, peer: settings.peer))
    }

    /// Sends the explaining text before the close frame that waits in the machine. A machine of its own makes the
    /// frame, because the connection's no longer sends messages; in the middle of a message of ours there is no place.
    private func writeOversizeText() {
        guard let context, let text = settings.oversizeText?(), outbox.first?.hasBegun != true else { return }
        var machine = WebSocketMachine(role: settings.role)
        guard (try? machine.send(text: text)) != nil else { return }
        let buffer = machine.withOutput { context.channel.allocator.buffer(bytes: $0) }
        context.write(wrapOutboundOut(buffer), promise: nil)
        traffic.messagesSent += 1
        traffic.bytesSent += text.utf8.count
    }

    /// The closing handshake is done, or can't be.
    func endTransport(_ manner: TransportEnding) {
        isClosing = true
        startCloseTimer()
        writeControlFramesNow()
        failOutbox()
        switch manner {
        case .awaitPeer: break
        case .close: context?.close(mode: .output, promise: nil)
        }
        resumeReading()
    }

    func startCloseTimer() {
        guard closeTimer == nil, let context else { return }
        pingTimer?.cancel()
        pongTimer?.cancel()
        closeTimer = context.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(settings.closeTimeout)) {
            [weak self] in
            guard let self else { return }
            abort(
                ConnectionError(
                    .connectionLost, operation: "close the connection to \(settings.peer)",
                    message: "The peer did not finish the closing handshake within \(settings.closeTimeout). "
                        + "The connection was dropped."))
        }
    }

    private func failOutbox() {
        let error = closedError()
        while let pending = outbox.popFirst() { pending.complete(.failure(error)) }
    }

    /// Accounts for the end, once the channel is gone.
    func end() {
        guard ending == nil else { return }
        for timer in [pingTimer, pongTimer, closeTimer] { timer?.cancel() }
        pingPromise.take()?.fail(ChannelError.ioOnClosedChannel)
        traffic.lifetime = .nanoseconds(((context?.eventLoop.now ?? opened) - opened).nanoseconds)
        traffic.largestFrameReceived = machine.largestFrameReceived
        let wire = machine.ending
        var error = failure
        // A clean closing handshake is no failure, whatever TCP or TLS did afterwards.
        if let wire, wire.closeCode != .abnormal, error?.code == .connectionLost { error = nil }
        let ending = ConnectionEnding(
            closeCode: (wire?.closeCode ?? .abnormal).rawValue, reason: wire?.reason ?? "",
            initiator: wire?.initiator.map { $0 == .local ? .local : .remote }, error: error, traffic: traffic)
        self.ending = ending
        settings.logger.debug(
            "connection ended",
            metadata: [
                "code": "\(ending.closeCode)", "sent": "\(traffic.bytesSent)", "received": "\(traffic.bytesReceived)",
            ])
        failOutbox()
        for pending in written { pending.complete(.failure(closedError())) }
        written = []
        queue.finish()
        for waiter in endingWaiters { waiter(ending) }
        endingWaiters = []
    }

    /// Calls `waiter` when the connection is over, or now when it is.
    func whenEnded(_ waiter: @escaping (ConnectionEnding) -> Void) {
        if let ending { waiter(ending) } else { endingWaiters.append(waiter) }
    }
}
