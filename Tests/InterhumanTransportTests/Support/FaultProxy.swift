import NIOCore
import NIOPosix
import Synchronization

/// Passes bytes on between a client and a server until a test lets the link fail.
final class FaultProxy: Sendable {
    /// What happens once the server has sent so many bytes; the last of them still get through.
    enum Fault: Sendable {
        case none
        /// The client sees the end of TCP.
        case close(after: Int)
        /// Nothing moves any more in either direction, and nobody is told.
        case freeze(after: Int)
    }

    let port: Int
    private let channel: any Channel
    private let links = Mutex<[Link]>([])

    init(to target: Int, _ fault: Fault = .none) async throws {
        let (made, continuation) = AsyncStream.makeStream(of: Link.self)
        channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelOption(.autoRead, value: false)
            .childChannelInitializer { front in
                ClientBootstrap(group: front.eventLoop)
                    .channelOption(.autoRead, value: false)
                    .channelInitializer { $0.eventLoop.makeCompletedFuture(.success(())) }
                    .connect(host: "127.0.0.1", port: target)
                    .flatMapThrowing { back in
                        let link = Link(front: front, back: back, fault)
                        try front.pipeline.syncOperations.addHandler(Forward(link, to: back, isFromServer: false))
                        try back.pipeline.syncOperations.addHandler(Forward(link, to: front, isFromServer: true))
                        continuation.yield(link)
                    }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        port = channel.localAddress?.port ?? 0
        self.made = made
    }

    private let made: AsyncStream<Link>

    deinit {
        channel.close(promise: nil)
        links.withLock { for link in $0 { link.end() } }
    }

    /// Waits for the next connection and freezes it: sockets stay open, and nothing is read from them.
    func freezeNext() async {
        for await link in made {
            links.withLock { $0.append(link) }
            await link.freeze()
            return
        }
    }

    /// A client's connection and the server's.
    final class Link: Sendable {
        private let front: any Channel
        private let back: any Channel
        private let fault: Fault
        private let state = Mutex((isFrozen: false, byteCount: 0))

        init(front: any Channel, back: any Channel, _ fault: Fault) {
            self.front = front
            self.back = back
            self.fault = fault
        }

        func freeze() async {
            // On the event loop, so that what is on its way through is through.
            try? await front.eventLoop.submit { self.state.withLock { $0.isFrozen = true } }.get()
        }

        var isFrozen: Bool { state.withLock { $0.isFrozen } }

        func end() {
            front.close(promise: nil)
            back.close(promise: nil)
        }

        /// Counts bytes of the server; those of them that get through.
        func pass(_ count: Int) -> Int {
            state.withLock { state in
                let limit =
                    switch fault {
                    case .none: Int.max
                    case .close(let limit), .freeze(let limit): limit
                    }
                let passing = min(count, limit - state.byteCount)
                state.byteCount += passing
                if case .freeze = fault, state.byteCount == limit { state.isFrozen = true }
                return passing
            }
        }

        /// Whether it is time to close.
        var mustClose: Bool {
            guard case .close(let limit) = fault else { return false }
            return state.withLock { $0.byteCount } >= limit
        }
    }

    /// One direction.
    private final class Forward: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        private let link: Link
        private let target: any Channel
        private let isFromServer: Bool

        init(_ link: Link, to target: any Channel, isFromServer: Bool) {
            self.link = link
            self.target = target
            self.isFromServer = isFromServer
        }

        func handlerAdded(context: ChannelHandlerContext) {
            if context.channel.isActive { context.read() }
        }

        func channelActive(context: ChannelHandlerContext) {
            context.read()
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            guard !link.isFrozen else { return }
            var bytes = unwrapInboundIn(data)
            if isFromServer, let passing = bytes.readSlice(length: link.pass(bytes.readableBytes)) { bytes = passing }
            let channel = context.channel
            let (link, target) = (link, target)
            target.writeAndFlush(bytes).whenComplete { _ in
                if link.mustClose { target.close(promise: nil) } else if !link.isFrozen { channel.read() }
            }
        }

        func channelInactive(context: ChannelHandlerContext) {
            target.close(promise: nil)
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            context.close(promise: nil)
        }
    }
}
