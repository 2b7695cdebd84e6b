import NIOCore
import NIOPosix
import Synchronization

/// Passes bytes on between a client and a server on loopback, as slowly as it is told, until a test lets the link fail.
package final class Relay: Sendable {
    /// What happens once the server has sent so many bytes; the last of them still get through.
    package enum Fault: Sendable {
        case none
        /// The client sees the end of TCP.
        case close(after: Int)
        /// Nothing moves any more in either direction, and nobody is told.
        case freeze(after: Int)
    }

    /// The port that clients connect to.
    package let port: Int
    private let listener: any Channel
    private let links: RelayLinks

    /// - Parameters:
    ///   - target: The server's port.
    ///   - fault: What befalls each connection.
    package init(to target: Int, _ fault: Fault = .none) async throws {
        let links = RelayLinks()
        self.links = links
        listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelOption(.autoRead, value: false)
            // The kernel's buffers would hide a slow link from the client for many seconds.
            .serverChannelOption(.socketOption(.so_rcvbuf), value: 32_768)
            // One portion for each read: several would each ask for the next, and the speed would multiply.
            .childChannelOption(.maxMessagesPerRead, value: 1)
            .childChannelOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: RelayLink.portion))
            .childChannelInitializer { front in
                ClientBootstrap(group: front.eventLoop)
                    .channelOption(.autoRead, value: false)
                    .channelInitializer { $0.eventLoop.makeSucceededVoidFuture() }
                    .connect(host: "127.0.0.1", port: target)
                    .flatMapThrowing { back in
                        let link = RelayLink(front: front, back: back, fault)
                        try front.pipeline.syncOperations.addHandler(RelayHandler(link, to: back, .toServer))
                        try back.pipeline.syncOperations.addHandler(RelayHandler(link, to: front, .toClient))
                        links.add(link)
                    }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        port = listener.localAddress?.port ?? 0
    }

    deinit {
        listener.close(promise: nil)
        links.end()
    }

    /// Lets the client's bytes through at so many a second; nil for at once. Holds for connections to come as well.
    package func throttle(bytesPerSecond: Double?) {
        links.setSpeed(bytesPerSecond)
    }

    /// Lets nothing of the server's through any more, on the present connections.
    package func holdAnswers() {
        for link in links.present { link.holdAnswers() }
    }

    /// Waits for the next connection and freezes it: sockets stay open, and nothing is read from them.
    package func freezeNext() async throws {
        guard let link = await links.next() else { return }
        try await link.freeze()
    }

    /// Ends every connection without a word.
    package func cut() {
        links.end()
    }
}

/// The connections of a relay.
private final class RelayLinks: Sendable {
    private let state = Mutex((links: [RelayLink](), speed: Double?.none))
    private let made = AsyncStream.makeStream(of: RelayLink.self)

    var present: [RelayLink] { state.withLock { $0.links } }

    func add(_ link: RelayLink) {
        state.withLock { state in
            state.links.append(link)
            link.setSpeed(state.speed)
        }
        made.continuation.yield(link)
    }

    /// The next connection that nobody has asked for.
    func next() async -> RelayLink? {
        for await link in made.stream { return link }
        return nil
    }

    func setSpeed(_ bytesPerSecond: Double?) {
        state.withLock { state in
            state.speed = bytesPerSecond
            for link in state.links { link.setSpeed(bytesPerSecond) }
        }
    }

    func end() {
        let links = state.withLock { state in
            defer { state.links = [] }
            return state.links
        }
        for link in links { link.end() }
    }
}

/// A client's connection and the server's.
private final class RelayLink: Sendable {
    /// Bytes that pass at a time.
    static let portion = 4_096

    private struct State {
        var speed: Double?
        var holdsAnswers = false
        var isFrozen = false
        /// Bytes of the server that got through.
        var answered = 0
    }

    private let front: any Channel
    private let back: any Channel
    private let fault: Relay.Fault
    private let state = Mutex(State())

    init(front: any Channel, back: any Channel, _ fault: Relay.Fault) {
        self.front = front
        self.back = back
        self.fault = fault
    }

    func setSpeed(_ bytesPerSecond: Double?) {
        state.withLock { $0.speed = bytesPerSecond }
    }

    func holdAnswers() {
        state.withLock { $0.holdsAnswers = true }
    }

    /// On the event loop, so that what is on its way through is through.
    func freeze() async throws {
        try await front.eventLoop.submit { self.state.withLock { $0.isFrozen = true } }.get()
    }

    func end() {
        front.close(promise: nil)
        back.close(promise: nil)
    }

    // MARK: For the handlers

    var isFrozen: Bool { state.withLock { $0.isFrozen } }

    /// How long so many bytes of the client's take.
    func delay(of byteCount: Int) -> TimeAmount? {
        state.withLock { $0.speed }.map { .nanoseconds(Int64(Double(byteCount) / $0 * 1e9)) }
    }

    /// Counts bytes of the server; those of them that get through, nil while answers are held.
    func answer(_ count: Int) -> Int? {
        state.withLock { state in
            guard !state.holdsAnswers else { return nil }
            let limit =
                switch fault {
                case .none: Int.max
                case .close(let limit), .freeze(let limit): limit
                }
            let passing = min(count, limit - state.answered)
            state.answered += passing
            if case .freeze = fault, state.answered == limit { state.isFrozen = true }
            return passing
        }
    }

    /// Whether it is time to close.
    var mustClose: Bool {
        guard case .close(let limit) = fault else { return false }
        return state.withLock { $0.answered } >= limit
    }
}

/// One direction of a link.
private final class RelayHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    enum Direction {
        case toServer, toClient
    }

    private let link: RelayLink
    private let target: any Channel
    private let direction: Direction

    init(_ link: RelayLink, to target: any Channel, _ direction: Direction) {
        self.link = link
        self.target = target
        self.direction = direction
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
        let (channel, link, target) = (context.channel, link, target)
        let delay = direction == .toServer ? link.delay(of: bytes.readableBytes) : nil
        if direction == .toClient {
            guard let count = link.answer(bytes.readableBytes), let passing = bytes.readSlice(length: count) else {
                return
            }
            bytes = passing
        }
        target.writeAndFlush(bytes).whenComplete { _ in
            if link.mustClose { return target.close(promise: nil) }
            guard !link.isFrozen else { return }
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
