import NIOCore
import NIOPosix
import Testing

@testable import InterhumanTransport

struct SocketProgressTests {
    @Test(.timeLimit(.minutes(5))) func countsAcknowledgedBytes() async throws {
        let server = try await ScriptedServer(.answer([1]))
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { $0.eventLoop.makeCompletedFuture(.success(())) }
            .connect(host: "127.0.0.1", port: server.port).get()
        let (answers, continuation) = AsyncStream.makeStream(of: Void.self)
        try await channel.pipeline.addHandler(OnRead { continuation.yield() })
        let before = try await progress(channel)
        try await channel.writeAndFlush(ByteBuffer(repeating: 7, count: 1000))
        // Loopback acknowledges what the answer follows.
        for await _ in answers { break }
        let after = try await progress(channel)
        #expect(after.acknowledged == before.acknowledged + 1000)
        #expect(after.outstanding == 0)
        #expect(after.received == before.received + 1)
        try await channel.close()
    }

    private func progress(_ channel: any Channel) async throws -> SocketProgress {
        try await channel.eventLoop.submit {
            try channel.pipeline.syncOperations.withUnsafeTransportIfAvailable(of: NIOBSDSocket.Handle.self) {
                SocketProgress(descriptor: $0)
            }
        }.get() ?? SocketProgress()
    }

    private final class OnRead: ChannelInboundHandler, Sendable {
        typealias InboundIn = ByteBuffer
        private let body: @Sendable () -> Void

        init(_ body: @escaping @Sendable () -> Void) {
            self.body = body
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            body()
        }
    }
}
