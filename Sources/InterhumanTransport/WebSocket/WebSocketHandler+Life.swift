import InterhumanCore
import InterhumanWire
import NIOCore

extension WebSocketHandler {
    /// Pings at an even pace; the sign of life has its own timer.
    func schedulePing() {
        guard let keepAlive = settings.keepAlive, let context, !isClosing else { return }
        let loop = context.eventLoop.assumeIsolated()
        pingTimer = loop.scheduleTask(in: TimeAmount(keepAlive.interval)) { [weak self] in
            self?.ping(keepAlive)
            self?.schedulePing()
        }
    }

    private func ping(_ keepAlive: KeepAlive) {
        // One ping at a time: another would tell no more.
        guard let context, !isClosing, !isPingUnderWay, pongTimer == nil else { return }
        guard (try? machine.ping()) != nil else { return }
        isPingUnderWay = true
        let promise = context.eventLoop.makePromise(of: Void.self)
        promise.futureResult.assumeIsolated().whenComplete { [weak self] result in
            guard let self else { return }
            isPingUnderWay = false
            guard case .success = result else { return }
            // The ping is in the kernel now: only from here on can the peer be late.
            roundTrip.pingWritten()
            awaitLife(after: socketProgress(), keepAlive)
        }
        pingPromise = promise
        pump()
    }

    /// Waits for any byte of the peer.
    ///
    /// While nobody takes the messages, nothing is read, and the pong may lie in the socket: the peer is not to blame.
    /// Should the link die meanwhile, the ping goes unacknowledged and the kernel gives up (`TCP_USER_TIMEOUT`).
    private func awaitLife(after progress: SocketProgress, _ keepAlive: KeepAlive) {
        guard let context, !isClosing else { return }
        let loop = context.eventLoop.assumeIsolated()
        // One that is replaced could not be ended by a pong any more.
        pongTimer?.cancel()
        pongTimer = loop.scheduleTask(in: TimeAmount(keepAlive.timeout)) { [weak self] in
            guard let self, !isClosing else { return }
            pongTimer = nil
            let present = socketProgress()
            if isReadHeld || present.showsLife(since: progress) {
                awaitLife(after: present, keepAlive)
                return
            }
            abort(
                ConnectionError(
                    .connectionLost, operation: "wait for a pong of \(settings.peer)",
                    message: "The peer gave no sign of life for \(keepAlive.timeout) after a ping. "
                        + "The network or the peer is gone; connect again."))
        }
    }

    private func socketProgress() -> SocketProgress {
        let progress = try? context?.channel.pipeline.syncOperations.withUnsafeTransportIfAvailable(
            of: NIOBSDSocket.Handle.self, { SocketProgress(descriptor: $0) })
        return progress ?? SocketProgress()
    }
}
