import NIOCore
import NIOPosix

/// A TCP client that says what a test wants.
final class RawClient: Sendable {
    private let channel: any Channel
    private let received: AsyncStream<[UInt8]>

    init(port: Int) async throws {
        let (received, continuation) = AsyncStream.makeStream(of: [UInt8].self)
        channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Handler(continuation))
                }
            }
            .connect(host: "127.0.0.1", port: port).get()
        self.received = received
    }

    deinit {
        channel.close(promise: nil)
    }

    /// Sends text and gives everything that comes until the peer closes.
    func exchange(_ text: String) async -> String {
        try? await channel.writeAndFlush(ByteBuffer(bytes: Array(text.utf8)))
        var answer: [UInt8] = []
        for await bytes in received { answer += bytes }
        return String(decoding: answer, as: UTF8.self)
    }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        private let continuation: AsyncStream<[UInt8]>.Continuation

        init(_ continuation: AsyncStream<[UInt8]>.Continuation) {
            self.continuation = continuation
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            continuation.yield(Array(unwrapInboundIn(data).readableBytesView))
        }

        func channelInactive(context: ChannelHandlerContext) {
            continuation.finish()
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            context.close(promise: nil)
        }
    }
}
