import NIOCore
import NIOPosix
import Synchronization

/// A TCP server that does what a test says instead of speaking a protocol.
final class ScriptedServer: Sendable {
    /// What it does to each connection.
    enum Script: Sendable {
        case closeAtOnce
        /// Says this after the first bytes came, and closes.
        case answerAndClose([UInt8])
        /// Says this after the first bytes came, and stays.
        case answer([UInt8])
        /// Says nothing.
        case stall
        /// Reads nothing.
        case readNothing
    }

    let port: Int
    private let channel: any Channel
    /// One element a connection that was opened.
    let opened: AsyncStream<Void>
    /// One element a connection that the client ended.
    let ended: AsyncStream<Void>

    init(_ script: Script) async throws {
        let (opened, openedContinuation) = AsyncStream.makeStream(of: Void.self)
        let (ended, endedContinuation) = AsyncStream.makeStream(of: Void.self)
        channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelOption(.autoRead, value: { if case .readNothing = script { false } else { true } }())
            .childChannelInitializer { channel in
                channel.closeFuture.whenComplete { _ in endedContinuation.yield() }
                return channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Handler(script) { openedContinuation.yield() })
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        port = channel.localAddress?.port ?? 0
        self.opened = opened
        self.ended = ended
    }

    convenience init(answering text: String) async throws {
        try await self.init(.answerAndClose(Array(text.utf8)))
    }

    deinit {
        channel.close(promise: nil)
    }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        private let script: Script
        private let onOpen: @Sendable () -> Void
        private var didAnswer = false

        init(_ script: Script, onOpen: @escaping @Sendable () -> Void) {
            self.script = script
            self.onOpen = onOpen
        }

        func channelActive(context: ChannelHandlerContext) {
            onOpen()
            if case .closeAtOnce = script { context.close(promise: nil) }
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            guard !didAnswer else { return }
            didAnswer = true
            switch script {
            case .answerAndClose(let bytes):
                let channel = context.channel
                channel.writeAndFlush(ByteBuffer(bytes: bytes)).whenComplete { _ in channel.close(promise: nil) }
            case .answer(let bytes):
                context.channel.writeAndFlush(ByteBuffer(bytes: bytes), promise: nil)
            case .closeAtOnce, .stall, .readNothing:
                break
            }
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            context.close(promise: nil)
        }
    }
}
