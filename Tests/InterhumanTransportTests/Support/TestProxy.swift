import InterhumanCore
import NIOCore
import NIOPosix
import Synchronization

@testable import InterhumanTransport

/// An HTTP proxy that tunnels, for tests.
final class TestProxy: Sendable {
    let port: Int
    private let channel: any Channel
    private let asked: Asked

    private final class Asked: Sendable {
        let targets = Mutex<[String]>([])
    }

    /// What tunnels were asked for and given.
    var targets: [String] { asked.targets.withLock { $0 } }

    /// - Parameter login: `user:password` that it wants.
    init(tls: TLSServerConfiguration? = nil, login: String? = nil) async throws {
        let context = try tls.map { try TLSContext.server($0) }
        let asked = Asked()
        let authorization = login.map { "Proxy-Authorization: Basic \(Base64.encode(Array($0.utf8)))\r\n" }
        channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let context {
                        try channel.pipeline.syncOperations.addHandler(
                            TLSHandler(takingOwnership: TLSSession.server(context)))
                    }
                    try channel.pipeline.syncOperations.addHandler(
                        Front(authorization: authorization) { target in asked.targets.withLock { $0.append(target) } })
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        port = channel.localAddress?.port ?? 0
        self.asked = asked
    }

    deinit {
        channel.close(promise: nil)
    }

    /// The side of the client: reads the request, then passes bytes on.
    private final class Front: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer
        private let authorization: String?
        private let onTunnel: @Sendable (String) -> Void
        private var request = ""
        private var back: (any Channel)?

        init(authorization: String?, onTunnel: @escaping @Sendable (String) -> Void) {
            self.authorization = authorization
            self.onTunnel = onTunnel
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let bytes = unwrapInboundIn(data)
            if let back {
                back.writeAndFlush(bytes, promise: nil)
                return
            }
            request += String(buffer: bytes)
            guard request.hasSuffix("\r\n\r\n") else { return }
            let words = request.split(separator: " ")
            guard authorization.map({ request.contains($0) }) ?? true, words.first == "CONNECT" else {
                answer(context, "407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"test\"")
                return
            }
            tunnel(context, to: String(words[1]))
        }

        private func tunnel(_ context: ChannelHandlerContext, to target: String) {
            let front = context.channel
            let port = Int(target.split(separator: ":").last ?? "") ?? 0
            let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
            ClientBootstrap(group: context.eventLoop)
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHandler(Back(front))
                    }
                }
                .connect(host: "127.0.0.1", port: port)
                .whenComplete { result in
                    let (handler, context) = bound.value
                    switch result {
                    case .success(let back):
                        handler.back = back
                        handler.onTunnel(target)
                        handler.answer(context, "200 Connection established")
                    case .failure:
                        handler.answer(context, "502 Bad Gateway")
                    }
                }
        }

        private func answer(_ context: ChannelHandlerContext, _ status: String) {
            let answer = ByteBuffer(string: "HTTP/1.1 \(status)\r\n\r\n")
            context.writeAndFlush(wrapOutboundOut(answer), promise: nil)
        }

        func channelInactive(context: ChannelHandlerContext) {
            back?.close(promise: nil)
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {}
    }

    /// The side of the target.
    private final class Back: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        private let front: any Channel

        init(_ front: any Channel) {
            self.front = front
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            front.writeAndFlush(unwrapInboundIn(data), promise: nil)
        }

        func channelInactive(context: ChannelHandlerContext) {
            front.close(promise: nil)
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {}
    }
}
