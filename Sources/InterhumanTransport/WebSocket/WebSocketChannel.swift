public import InterhumanCore
import InterhumanWire
import NIOCore
import Synchronization

/// One open WebSocket over TCP or TLS, for either role.
///
/// Large messages go out in frames of 64 KiB, between which control frames pass. Pings are answered, and the peer is
/// pinged, without the user's doing.
public final class WebSocketChannel: Sendable {
    /// A whole message.
    public enum Message: Sendable, Hashable {
        /// UTF-8 text.
        case text(String)
        /// Bytes.
        case binary([UInt8])
    }

    /// Payload bytes of a frame: with a client's header of 8 bytes it fills four TLS records of 16 KiB.
    private static let fragmentSize = 65_528

    /// The connection's own thread, for tasks that only move messages: they save two changes of threads a message.
    ///
    /// ```swift
    /// await withTaskExecutorPreference(channel.executor) {
    ///     for await message in channel.messages { await forward(message) }
    /// }
    /// ```
    ///
    /// Many connections share the thread, so nothing that takes long may run there.
    public let executor: any TaskExecutor

    let channel: any Channel
    private let queue: MessageQueue<Message>
    private let handler: NIOLoopBound<WebSocketHandler>
    private let pings: RoundTrip
    private let nextNumber = Atomic<UInt64>(0)

    init(channel: any Channel, handler: WebSocketHandler, queue: MessageQueue<Message>) {
        self.channel = channel
        self.queue = queue
        pings = handler.roundTrip
        executor = EventLoopTaskExecutor(channel.eventLoop)
        self.handler = NIOLoopBound(handler, eventLoop: channel.eventLoop)
    }

    deinit {
        // Nobody can use the connection any more: it must not stay open until the peer ends it.
        channel.triggerUserOutboundEvent(ConnectionShutdown(), promise: nil)
    }

    /// Makes the handler for a channel whose opening handshake is done, and what its users hold.
    ///
    /// - Parameter compression: What the handshake negotiated.
    static func make(
        over channel: any Channel, settings: WebSocketSettings, compression: (any MessageCompression)? = nil
    ) -> (handler: WebSocketHandler, channel: WebSocketChannel) {
        let queue = MessageQueue<Message>(account: settings.account) {
            channel.triggerUserOutboundEvent(ReadingResumption(), promise: nil)
        }
        let handler = WebSocketHandler(settings: settings, compression: compression, queue: queue)
        return (handler, WebSocketChannel(channel: channel, handler: handler, queue: queue))
    }

    /// Complete messages in order; ends when the connection is over (then ``ending()`` tells how). Bounded: not reading
    /// stops the peer. One consumer. The sequence keeps the connection open.
    public var messages: MediaSequence<Message, Never> {
        MediaSequence { [self] () async throws(Never) -> Message? in await queue.next() }
    }

    /// How long the peer took to answer the last ping; nil before the first answer, and where no pings are sent.
    public var roundTrip: Duration? { pings.last }

    /// Messages that are not read yet; they stay.
    var waitingMessages: [Message] { queue.waiting }

    /// Payload bytes of the messages that are not read yet.
    var waitingByteCount: Int { queue.waitingByteCount }

    /// Sends a text message. Returns when it was handed to the network, waiting while the peer is slow.
    ///
    /// - Throws: `closed`, `connectionLost`, `cancelled`.
    public func send(text: String) async throws(ConnectionError) {
        try await send(OutgoingMessage(.text, pieces: [Array(text.utf8)], fragmentSize: Self.fragmentSize))
    }

    /// Sends a binary message. Returns when it was handed to the network, waiting while the peer is slow.
    ///
    /// - Throws: `closed`, `connectionLost`, `cancelled`.
    public func send(binary: [UInt8]) async throws(ConnectionError) {
        try await send(binary: [binary])
    }

    /// Sends one binary message whose bytes are in several arrays; they are never joined.
    ///
    /// A message is withdrawn when the calling task is cancelled before its first frame was written; afterwards it
    /// goes on being sent, because half a message can't be taken back.
    ///
    /// - Throws: `closed`, `connectionLost`, `cancelled`.
    public func send(binary pieces: [[UInt8]]) async throws(ConnectionError) {
        try await send(OutgoingMessage(.binary, pieces: pieces, fragmentSize: Self.fragmentSize))
    }

    /// Does the closing handshake, waits for the peer to end TCP, and frees the socket; at a deadline it stops waiting.
    ///
    /// Messages that arrive meanwhile are still delivered, as long as there is room for them.
    ///
    /// - Parameters:
    ///   - code: 1000 to 1003, 1007 to 1014 or 3000 to 4999; another one is sent as 1000.
    ///   - reason: At most 123 bytes of UTF-8; more is cut off.
    public func close(code: UInt16 = 1000, reason: String = "") async {
        channel.eventLoop.execute { [handler] in handler.value.close(code: code, reason: reason) }
        await waitUntilFreed()
    }

    /// Drops the connection at once, without a word to the peer.
    public func abort() async {
        channel.eventLoop.execute { [handler] in
            handler.value.abort(
                ConnectionError(
                    .closed, operation: "use the connection", message: "This program dropped the connection."))
        }
        await waitUntilFreed()
    }

    /// How the connection ended; waits until it has.
    public func ending() async -> ConnectionEnding {
        await withCheckedContinuation { continuation in
            channel.eventLoop.execute { [handler] in
                handler.value.whenEnded { continuation.resume(returning: $0) }
            }
        }
    }

    private func waitUntilFreed() async {
        _ = await ending()
    }

    private func send(_ message: OutgoingMessage) async throws(ConnectionError) {
        let number = nextNumber.wrappingAdd(1, ordering: .relaxed).newValue
        // Cancelling may reach the event loop before the message does, and would find nothing to withdraw there.
        let isCancelled = Atomic(false)
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                channel.eventLoop.execute { [handler] in
                    let pending = PendingMessage(number, message) { continuation.resume(returning: $0) }
                    if isCancelled.load(ordering: .acquiring) {
                        pending.complete(.failure(handler.value.cancelledError()))
                    } else {
                        handler.value.send(pending)
                    }
                }
            }
        } onCancel: {
            isCancelled.store(true, ordering: .releasing)
            channel.eventLoop.execute { [handler] in handler.value.cancel(number) }
        }
        try result.get()
    }
}
