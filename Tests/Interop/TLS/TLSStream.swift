import InterhumanCore
import NIOCore
import NIOPosix
import Testing

@testable import InterhumanTransport

/// A TCP connection with our TLS on it and no WebSocket: what other people's TLS is tried against, byte by byte.
final class TLSStream: Sendable {
    /// How a stream ended, and what had come until then.
    struct End: Sendable {
        var byteCount = 0
        var sha256 = ""
        /// Nil after a clean end.
        var error: ConnectionError?
    }

    private let channel: any Channel
    /// Version and cipher, and whether an earlier session was taken up.
    let handshake: TLSHandshakeEnd
    /// Done when as many bytes have come as were expected; their checksum.
    private let checksum: EventLoopFuture<String>
    private let end: EventLoopFuture<End>

    private init(_ channel: any Channel, _ handshake: TLSHandshakeEnd, _ recorder: Recorder) {
        self.channel = channel
        self.handshake = handshake
        checksum = recorder.checksum.futureResult
        end = recorder.end.futureResult
    }

    deinit {
        channel.close(promise: nil)
    }

    /// Connects to a port of 127.0.0.1; returns when TLS is there.
    ///
    /// - Parameter expected: Number of bytes whose checksum is wanted.
    static func connect(port: Int, _ context: TLSContext, expecting expected: Int = 0) async throws -> TLSStream {
        let opened = MultiThreadedEventLoopGroup.singleton.next().makePromise(of: TLSStream.self)
        ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let session = try TLSSession.client(context, host: "127.0.0.1", peer: "127.0.0.1:\(port)")
                    try add(session, to: channel, expecting: expected) { opened.completeWith($0) }
                }
            }
            .connect(host: "127.0.0.1", port: port)
            .whenFailure { opened.fail($0) }
        return try await opened.futureResult.get()
    }

    /// Puts our TLS and a recorder into a channel.
    static func add(
        _ session: TLSSession, to channel: any Channel, expecting expected: Int,
        onOpen: @escaping @Sendable (Result<TLSStream, any Error>) -> Void
    ) throws {
        let recorder = Recorder(channel.eventLoop, expecting: expected) { recorder, handshake in
            onOpen(.success(TLSStream(channel, handshake, recorder)))
        } onFailure: {
            onOpen(.failure($0))
        }
        try channel.pipeline.syncOperations.addHandlers([TLSHandler(takingOwnership: session), recorder])
    }

    /// Sends all of ``Payload``, as fast as the peer takes it.
    func sendPayload() async throws {
        for index in 0..<Payload.blockCount { try await send(Payload.block(index)) }
    }

    func send(_ bytes: [UInt8]) async throws {
        try await channel.writeAndFlush(ByteBuffer(bytes: bytes))
    }

    /// Says that nothing more is sent; what the peer sends is still read.
    func finishSending() async throws {
        try await channel.close(mode: .output)
    }

    /// Ends TLS, then TCP.
    func close() async {
        try? await channel.close()
    }

    /// Ends TCP without a word of TLS.
    func abort() async {
        try? await channel.triggerUserOutboundEvent(ChannelAbort())
        try? await channel.close()
    }

    /// The checksum of the bytes that were expected, when they are there.
    func receivedChecksum() async throws -> String { try await checksum.get() }

    /// How the stream ended, when it has.
    func ending() async throws -> End { try await end.get() }

    /// The last handler of the pipeline.
    private final class Recorder: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        let checksum: EventLoopPromise<String>
        let end: EventLoopPromise<End>
        private let expected: Int
        private let onOpen: (Recorder, TLSHandshakeEnd) -> Void
        private let onFailure: (any Error) -> Void
        private let sum = SHA256()
        private var received = End()
        private var isOpen = false

        init(
            _ eventLoop: any EventLoop, expecting expected: Int,
            onOpen: @escaping (Recorder, TLSHandshakeEnd) -> Void, onFailure: @escaping (any Error) -> Void
        ) {
            checksum = eventLoop.makePromise()
            end = eventLoop.makePromise()
            self.expected = expected
            self.onOpen = onOpen
            self.onFailure = onFailure
        }

        func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
            guard let handshake = event as? TLSHandshakeEnd else { return }
            isOpen = true
            onOpen(self, handshake)
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            unwrapInboundIn(data).withUnsafeReadableBytes { sum.update($0) }
            received.byteCount += unwrapInboundIn(data).readableBytes
            guard received.byteCount >= expected, received.sha256.isEmpty, expected > 0 else { return }
            received.sha256 = sum.finish()
            checksum.succeed(received.sha256)
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            if received.error == nil {
                received.error = ConnectionError(channel: error, operation: "test", peer: "the peer")
            }
            context.close(promise: nil)
        }

        /// After the channel's end; a channel that never opened has no other.
        func handlerRemoved(context: ChannelHandlerContext) {
            let error: any Error = received.error ?? ChannelError.eof
            if !isOpen { onFailure(error) }
            checksum.fail(error)
            end.succeed(received)
        }
    }
}

/// Accepts ``TLSStream``s on a free port of 127.0.0.1.
final class TLSListener: Sendable {
    let port: Int
    let streams: AsyncStream<Result<TLSStream, any Error>>
    private let channel: any Channel

    init(_ context: TLSContext, expecting expected: Int = 0) async throws {
        let (streams, continuation) = AsyncStream.makeStream(of: Result<TLSStream, any Error>.self)
        self.streams = streams
        channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try TLSStream.add(TLSSession.server(context), to: channel, expecting: expected) {
                        continuation.yield($0)
                    }
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        port = channel.localAddress?.port ?? 0
    }

    deinit {
        channel.close(promise: nil)
    }

    /// The next connection, when its handshake is done.
    func accept() async throws -> TLSStream {
        var iterator = streams.makeAsyncIterator()
        return try #require(await iterator.next()).get()
    }
}
