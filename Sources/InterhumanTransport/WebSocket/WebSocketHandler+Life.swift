import InterhumanCore
import InterhumanWire
import NIOCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

extension WebSocketHandler {
    func schedulePing() {
        guard let keepAlive = settings.keepAlive, let context, !isClosing else { return }
        pingTimer = context.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(keepAlive.interval)) { [weak self] in
            self?.ping(keepAlive)
        }
    }

    private func ping(_ keepAlive: KeepAlive) {
        guard let context, !isClosing, (try? machine.ping()) != nil else { return }
        let promise = context.eventLoop.makePromise(of: Void.self)
        promise.futureResult.assumeIsolated().whenSuccess { [weak self] in
            // The ping is in the kernel now: only from here on can the peer be late.
            guard let self, let context = self.context else { return }
            awaitLife(since: context.eventLoop.now, unacknowledged: .max, keepAlive)
        }
        pingPromise = promise
        pump()
    }

    /// Waits for any byte of the peer.
    private func awaitLife(since written: NIODeadline, unacknowledged: Int, _ keepAlive: KeepAlive) {
        guard let context, !isClosing else { return }
        let loop = context.eventLoop.assumeIsolated()
        pongTimer = loop.scheduleTask(in: TimeAmount(keepAlive.timeout)) { [weak self] in
            guard let self, !isClosing else { return }
            if lastLife >= written {
                schedulePing()
                return
            }
            // Bytes that the peer's kernel acknowledges show that it lives, and that our pong waits behind them.
            let left = unacknowledgedBytes()
            if left < unacknowledged, left > 0 {
                awaitLife(since: written, unacknowledged: left, keepAlive)
                return
            }
            abort(
                ConnectionError(
                    .connectionLost, operation: "wait for a pong of \(settings.peer)",
                    message: "The peer gave no sign of life for \(keepAlive.timeout) after a ping. "
                        + "The network or the peer is gone; connect again."))
        }
    }

    /// Bytes in the socket that the peer's kernel has not acknowledged; 0 where the channel has no socket.
    private func unacknowledgedBytes() -> Int {
        let bytes = try? context?.channel.pipeline.syncOperations.withUnsafeTransportIfAvailable(
            of: NIOBSDSocket.Handle.self
        ) { descriptor in
            var count: Int32 = 0
            return ioctl(descriptor, UInt(TIOCOUTQ), &count) == 0 ? Int(count) : 0
        }
        return bytes ?? 0
    }
}
