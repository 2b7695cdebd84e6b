import InterhumanCore
import NIOCore
import NIOPosix
import Synchronization

/// Passes bytes on between a client and a server on loopback, as slowly as it is told, and cuts its connections when it is
/// told.
final class Relay: Sendable {
    /// The port that clients connect to.
    let port: Int
    private let listener: any Channel
    private let links = Mutex<[Link]>([])
    private let speed = Mutex<Double?>(nil)

    /// - Parameter target: The server's port.
    init(to target: Int) async throws {
        let (accepted, continuation) = AsyncStream.makeStream(of: Link.self)
        self.accepted = accepted
        listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelOption(.autoRead, value: false)
            // The kernel's buffers would hide a slow link from the client for many seconds.
            .serverChannelOption(.socketOption(.so_rcvbuf), value: 32_768)
            // One portion for each read: several would each ask for the next, and the speed would multiply.
            .childChannelOption(.maxMessagesPerRead, value: 1)
            .childChannelOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: Link.portion))
            .childChannelInitializer { front in
                ClientBootstrap(group: front.eventLoop)
                    .channelOption(.autoRead, value: false)
                    .channelInitializer { $0.eventLoop.makeSucceededVoidFuture() }
                    .connect(host: "127.0.0.1", port: target)
                    .flatMapThrowing { back in
                        let link = Link(front: front, back: back)
                        try front.pipeline.syncOperations.addHandler(Forward(link, to: back, isUpstream: true))
                        try back.pipeline.syncOperations.addHandler(Forward(link, to: front, isUpstream: false))
                        continuation.yield(link)
                    }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        port = listener.localAddress?.port ?? 0
        collector.withLock {
            $0 = Task { [weak self] in
                for await link in accepted { self?.add(link) }
            }
        }
    }

    private let accepted: AsyncStream<Link>
    private let collector = Mutex<Task<Void, Never>?>(nil)

    deinit {
        collector.withLock { $0?.cancel() }
        listener.close(promise: nil)
        cut()
    }

    private func add(_ link: Link) {
        links.withLock { $0.append(link) }
        link.setSpeed(speed.withLock { $0 })
    }

    /// Lets the client's bytes through at so many a second; nil for at once. Holds for connections to come as well.
    func throttle(bytesPerSecond: Double?) {
        speed.withLock { $0 = bytesPerSecond }
        for link in links.withLock({ $0 }) { link.setSpeed(bytesPerSecond) }
    }

    /// Lets nothing of the server's through any more, on the present connections.
    func holdAnswers() {
        for link in links.withLock({ $0 }) { link.holdAnswers() }
    }

    /// Ends every connection without a word.
    func cut() {
        for link in links.withLock({ links in
            defer { links = [] }
            return links
        }) {
            link.end()
        }
    }

    /// A client's connection and the server's.
    final class Link: Sendable {
        /// Bytes that pass at a time.
        static let portion = 4_096

        private let front: any Channel
        private let back: any Channel
        private let speed = Mutex<Double?>(nil)
        private let holdsAnswers = Atomic<Bool>(false)

        init(front: any Channel, back: any Channel) {
            self.front = front
            self.back = back
        }

        func setSpeed(_ bytesPerSecond: Double?) {
            speed.withLock { $0 = bytesPerSecond }
        }

        func holdAnswers() {
            holdsAnswers.store(true, ordering: .relaxed)
        }

        var isHoldingAnswers: Bool { holdsAnswers.load(ordering: .relaxed) }

        /// How long so many bytes of the client's take.
        func delay(of byteCount: Int) -> TimeAmount? {
            speed.withLock { $0 }.map { .nanoseconds(Int64(Double(byteCount) / $0 * 1e9)) }
        }

        func end() {
            front.close(promise: nil)
            back.close(promise: nil)
        }
    }

    /// One direction.
    private final class Forward: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        private let link: Link
        private let target: any Channel
        private let isUpstream: Bool

        init(_ link: Link, to target: any Channel, isUpstream: Bool) {
            self.link = link
            self.target = target
            self.isUpstream = isUpstream
        }

        func handlerAdded(context: ChannelHandlerContext) {
            if context.channel.isActive { context.read() }
        }

        func channelActive(context: ChannelHandlerContext) {
            context.read()
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let bytes = unwrapInboundIn(data)
            if !isUpstream, link.isHoldingAnswers { return }
            let (channel, delay) = (context.channel, isUpstream ? link.delay(of: bytes.readableBytes) : nil)
            target.writeAndFlush(bytes).whenComplete { _ in
                guard let delay else { return channel.read() }
                channel.eventLoop.scheduleTask(in: delay) { channel.read() }
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
