import InterhumanCore
import InterhumanWire
import Logging
import NIOCore

extension WebSocketHandler {
    /// Takes a message to send after those that wait.
    func send(_ pending: PendingMessage) {
        guard ending == nil, machine.canSend else {
            pending.complete(.failure(closedError()))
            return
        }
        outbox.append(pending)
        pump()
    }

    /// Withdraws a message, or, when a frame of it has gone, only lets its sender go.
    func cancel(_ number: UInt64) {
        let error = cancelledError()
        if let index = outbox.firstIndex(where: { $0.number == number }) {
            let pending = outbox[index]
            if !pending.hasBegun { outbox.remove(at: index) }
            pending.complete(.failure(error))
        }
        for pending in written where pending.number == number { pending.complete(.failure(error)) }
    }

    /// Writes what there is to write while the channel takes it: control frames first, then messages frame by frame.
    ///
    /// Flushing may make the channel writable, which calls this again: the guard turns that into a loop.
    func pump() {
        guard let context, !isPumping else { return }
        isPumping = true
        defer { isPumping = false }
        while context.channel.isWritable, machine.hasOutput || !outbox.isEmpty {
            writeControlFrames(context)
            writeFrames(context)
            context.flush()
        }
        guard context.channel.isWritable else { return }
        for pending in written { pending.complete(.success(())) }
        written.removeAll(keepingCapacity: true)
    }

    /// Writes the close frame even when the channel is full: no later chance may come.
    func writeControlFramesNow() {
        guard let context else { return }
        writeControlFrames(context)
        context.flush()
    }

    /// Control frames stay in the machine, which bounds them, while the channel is full: a peer that pings and does
    /// not read costs no memory.
    private func writeControlFrames(_ context: ChannelHandlerContext) {
        guard machine.hasOutput else { return }
        let buffer = machine.withOutput { context.channel.allocator.buffer(bytes: $0) }
        context.write(wrapOutboundOut(buffer), promise: pingPromise.take())
    }

    /// Writes frames until the channel has enough.
    private func writeFrames(_ context: ChannelHandlerContext) {
        while context.channel.isWritable, let pending = outbox.first {
            // Only now is it certain that the message goes out, and after which others. Media goes as it is: it does
            // not get smaller.
            if pending.message.kind == .text { machine.compress(&pending.message) }
            let size = machine.nextFrameSize(of: pending.message) ?? 0
            var isEncoded = false
            let buffer = BufferPool.current.filled(capacity: size) { buffer in
                isEncoded = machine.encode(&pending.message, into: &buffer)
            }
            guard isEncoded else {
                outbox.removeFirst()
                pending.complete(.failure(closedError()))
                continue
            }
            guard pending.message.isComplete else {
                context.write(wrapOutboundOut(buffer), promise: nil)
                continue
            }
            context.write(wrapOutboundOut(buffer)).assumeIsolated().whenFailure { [weak self] error in
                self?.writeFailed(error)
            }
            outbox.removeFirst()
            written.append(pending)
            traffic.messagesSent += 1
            traffic.bytesSent += pending.byteCount
            settings.logger.trace("message sent", metadata: ["bytes": "\(pending.byteCount)"])
        }
    }

    /// A write failed. SwiftNIO has read everything that the peer had sent before it reports this, and closes the
    /// channel next: what explains the failure (an error envelope, a close frame) is delivered already, and ``end()``
    /// tells the senders.
    private func writeFailed(_ error: any Error) {
        note(ConnectionError(channel: error, operation: "send to \(settings.peer)", peer: settings.peer))
    }

    /// Why a message is withdrawn.
    func cancelledError() -> ConnectionError {
        ConnectionError(
            .cancelled, operation: "send a message to \(settings.peer)", message: "The task that sent was cancelled.")
    }

    /// Why nothing can be sent any more.
    func closedError() -> ConnectionError {
        if let error = ending?.error ?? failure { return error }
        return ConnectionError(
            .closed, operation: "send a message to \(settings.peer)",
            message: "The connection is closing or closed. Open another one.",
            closeCode: machine.ending?.closeCode.rawValue)
    }
}

extension WebSocketMachine {
    /// Appends the next frame of a message; false when the connection takes no more.
    fileprivate mutating func encode(_ message: inout OutgoingMessage, into buffer: inout ByteBuffer) -> Bool {
        let count = buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: 0) { free in
            (try? encodeNextFrame(of: &message, into: free)) ?? 0
        }
        return count > 0
    }
}
