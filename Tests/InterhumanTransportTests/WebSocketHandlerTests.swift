import InterhumanCore
import InterhumanWire
import Logging
import NIOCore
import NIOEmbedded
import Testing

@testable import InterhumanTransport

/// The handler on a channel and clock that the test moves by hand.
final class WebSocketHandlerTests {
    private let channel = EmbeddedChannel()
    private let throttle = Throttle()
    private let handler: WebSocketHandler
    private let webSocket: WebSocketChannel
    private var peer = WebSocketMachine(role: .client(maskKeys: { MaskKey(0x1234_5678) }))
    private var ending: ConnectionEnding?

    init() throws {
        let settings = WebSocketSettings(
            role: .server, keepAlive: KeepAlive(interval: .seconds(20), timeout: .seconds(10)),
            closeTimeout: .seconds(5), logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, peer: "peer")
        (handler, webSocket) = WebSocketChannel.make(over: channel, settings: settings)
        try channel.pipeline.syncOperations.addHandlers([throttle, handler])
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        handler.whenEnded { [weak self] in self?.ending = $0 }
    }

    deinit {
        _ = try? channel.finish(acceptAlreadyClosed: true)
    }

    // MARK: Sending

    @Test func suspendsSendersWhileTheChannelIsFull() throws {
        throttle.capacity = 3
        let first = send(binary: 200_000)
        let second = send(binary: 10)
        #expect(try peerActions() == [])
        #expect(throttle.writeCount == 3)
        #expect(!first.isDone && !second.isDone)
        throttle.open(1)
        // The last frame is with the channel, but the channel is full again: the sender goes on waiting.
        #expect(throttle.writeCount == 4)
        #expect(!first.isDone)
        throttle.open(.max)
        #expect(first.isDone && second.isDone)
        let messages = try peerActions()
        #expect(messages.count == 2)
        #expect(messages.last == .binary([UInt8](repeating: 7, count: 10)))
    }

    @Test func letsControlFramesPassBetweenFragments() throws {
        throttle.capacity = 2
        let sending = send(binary: 200_000)
        try peer.ping(#require(ControlPayload("x".utf8)))
        try receive()
        #expect(!sending.isDone)
        throttle.open(.max)
        let actions = try peerActions()
        #expect(actions.first == .pong(try #require(ControlPayload("x".utf8))))
        #expect(actions.last == .binary([UInt8](repeating: 7, count: 200_000)))
    }

    @Test func keepsNoPongsForAPeerThatDoesNotRead() throws {
        throttle.capacity = 0
        channel.isWritable = false
        for _ in 0..<10_000 { try peer.ping() }
        try receive()
        #expect(throttle.writeCount == 0)
        throttle.open(.max)
        #expect(try peerActions().count <= 64)
    }

    @Test func withdrawsMessagesThatHaveNotBegun() throws {
        throttle.capacity = 1
        let first = send(binary: 100_000)
        let second = send(binary: 10)
        handler.cancel(first.number)
        handler.cancel(second.number)
        #expect(first.error?.code == .cancelled)
        #expect(second.error?.code == .cancelled)
        throttle.open(.max)
        #expect(try peerActions() == [.binary([UInt8](repeating: 7, count: 100_000))])
    }

    @Test func failsSendersWhenTheConnectionBreaks() throws {
        throttle.capacity = 1
        let sending = send(binary: 100_000)
        channel.pipeline.fireErrorCaught(IOError(errnoCode: 104, reason: "read"))
        try channel.close().wait()
        #expect(sending.error?.code == .connectionLost)
        #expect(sending.error?.underlying?.contains("reset") == true)
        #expect(send(binary: 1).error?.code == .connectionLost)
        #expect(ending?.closeCode == 1006)
    }

    // MARK: Receiving

    @Test func stopsReadingWhenNobodyConsumes() async throws {
        for _ in 0..<100 { try peer.send(binary: [1]) }
        try receive()
        channel.read()
        #expect(throttle.readCount == 0)
        var messages = webSocket.messages.makeAsyncIterator()
        for _ in 0..<60 { _ = await messages.next() }
        channel.embeddedEventLoop.run()
        #expect(throttle.readCount == 0 || throttle.readCount == 1)
        for _ in 0..<40 { _ = await messages.next() }
        channel.embeddedEventLoop.run()
        #expect(throttle.readCount == 1)
    }

    @Test func aPeerThatSendsOnAfterTheCloseIsHeldToTheBudgetAsWell() throws {
        let budget = ReceiveLedger(ReceiveBudget(common: 0, share: 100_000))
        var settings = handler.settings
        settings.account = ReceiveLedger.Account(budget)
        let channel = EmbeddedChannel()
        let (bounded, _) = WebSocketChannel.make(over: channel, settings: settings)
        try channel.pipeline.syncOperations.addHandler(bounded)
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        bounded.close(code: 1000, reason: "")
        #expect(bounded.machine.ending == nil)
        var message = OutgoingMessage(.binary, pieces: [[UInt8](repeating: 1, count: 1_000_000)], fragmentSize: 50_000)
        for _ in 0..<10 where bounded.machine.ending == nil {
            var frame = [UInt8](repeating: 0, count: try #require(peer.nextFrameSize(of: message)))
            let count = try frame.withUnsafeMutableBytes { try peer.encodeNextFrame(of: &message, into: $0) }
            try channel.writeInbound(ByteBuffer(bytes: frame.prefix(count)))
        }
        #expect(bounded.machine.ending?.closeCode == .tryAgainLater)
        #expect(bounded.machine.arrivingByteCount == 0)
        _ = try? channel.finish(acceptAlreadyClosed: true)
    }

    // MARK: Life

    @Test func pingsAndIsContentWithAnyByte() throws {
        advance(20)
        #expect(try peerActions() == [.ping(ControlPayload())])
        advance(5)
        try peer.send(text: "life")
        try receive()
        advance(5)
        #expect(ending == nil)
        advance(20)
        #expect(try peerActions().count == 1)
    }

    @Test func measuresTheRoundTripOfItsOwnPings() throws {
        try peer.pong()
        try receive()
        #expect(webSocket.roundTrip == nil)
        advance(20)
        #expect(try peerActions() == [.ping(ControlPayload())])
        #expect(webSocket.roundTrip == nil)
        try receive()
        let measured = try #require(webSocket.roundTrip)
        #expect(measured >= .zero)
        // One that answers nothing changes nothing.
        try peer.pong()
        try receive()
        #expect(webSocket.roundTrip == measured)
    }

    @Test func givesUpSilentPeers() throws {
        advance(20)
        advance(9)
        #expect(ending == nil)
        advance(1)
        #expect(ending?.closeCode == 1006)
        #expect(ending?.error?.code == .connectionLost)
        #expect(ending?.error?.message.contains("no sign of life") == true)
        #expect(ending?.traffic.lifetime == .seconds(30))
    }

    @Test func startsTheDeadlineWhenThePingIsWritten() throws {
        throttle.capacity = 1
        _ = send(binary: 500_000)
        advance(20)
        advance(100)
        #expect(ending == nil)
        throttle.open(.max)
        advance(9)
        #expect(ending == nil)
        advance(1)
        #expect(ending?.error?.code == .connectionLost)
    }

    /// A ping that is with the socket and not yet in the kernel is still under way: a second one would leave a deadline
    /// behind that no pong ends.
    @Test func keepsOnePingUnderWay() throws {
        throttle.holdsPromises = true
        advance(20)
        advance(20)
        throttle.releasePromises()
        #expect(try peerActions() == [.ping(ControlPayload())])
        try receive()
        advance(10)
        #expect(ending == nil)
        advance(10)
        throttle.releasePromises()
        #expect(try peerActions() == [.ping(ControlPayload())])
    }

    @Test func pingsAgainAfterAPingThatCouldNotBeWritten() throws {
        throttle.holdsPromises = true
        advance(20)
        throttle.releasePromises(failing: IOError(errnoCode: 105, reason: "write"))
        #expect(try peerActions() == [.ping(ControlPayload())])
        advance(10)
        #expect(ending == nil)
        advance(10)
        #expect(try peerActions() == [.ping(ControlPayload())])
    }

    /// Nothing is read while nobody takes the messages: the pong may well be there.
    @Test func doesNotBlameThePeerForASlowConsumer() async throws {
        for _ in 0..<100 { try peer.send(binary: [1]) }
        try receive()
        channel.read()
        advance(20)
        advance(1000)
        #expect(ending == nil)
        // Once messages are taken, the deadline counts again.
        var messages = webSocket.messages.makeAsyncIterator()
        for _ in 0..<100 { _ = await messages.next() }
        channel.embeddedEventLoop.run()
        advance(10)
        #expect(ending?.error?.message.contains("no sign of life") == true)
    }

    // MARK: Ending

    @Test func closesAndWaitsForThePeer() throws {
        handler.close(code: 3000, reason: "bye")
        #expect(try peerActions().contains(.closeReceived(WebSocketCloseCode(rawValue: 3000), reason: "bye")))
        #expect(ending == nil)
        try receive()
        #expect(ending == nil || ending?.closeCode == 3000)
        try? channel.close().wait()
        #expect(ending?.closeCode == 3000)
        #expect(ending?.initiator == .local)
        #expect(ending?.error == nil)
    }

    @Test func dropsPeersThatDoNotCloseInTime() throws {
        handler.close(code: 1000, reason: "")
        advance(4)
        #expect(ending == nil)
        advance(1)
        #expect(ending?.closeCode == 1006)
        #expect(ending?.error?.message.contains("closing handshake") == true)
    }

    @Test func failsPeersThatBreakTheProtocol() throws {
        try channel.writeInbound(ByteBuffer(bytes: [0x83, 0x80, 0, 0, 0, 0]))
        try? channel.close().wait()
        #expect(ending?.closeCode == 1002)
        #expect(ending?.error?.code == .protocolViolation)
    }

    // MARK: Parts

    private final class Sending {
        let number: UInt64
        var result: Result<Void, ConnectionError>?
        var isDone: Bool { result != nil }
        var error: ConnectionError? {
            if case .failure(let error) = result { error } else { nil }
        }

        init(_ number: UInt64) { self.number = number }
    }

    private var sendingCount: UInt64 = 0

    private func send(binary count: Int) -> Sending {
        sendingCount += 1
        let sending = Sending(sendingCount)
        let message = OutgoingMessage(.binary, pieces: [[UInt8](repeating: 7, count: count)])
        handler.send(PendingMessage(sendingCount, message) { sending.result = $0 })
        return sending
    }

    /// Gives the handler what the peer has written.
    private func receive() throws {
        let bytes = peer.takeOutput()
        if !bytes.isEmpty { try channel.writeInbound(ByteBuffer(bytes: bytes)) }
    }

    /// What the peer makes of everything that the handler has written.
    private func peerActions() throws -> [WebSocketAction] {
        var actions: [WebSocketAction] = []
        while let buffer = try channel.readOutbound(as: ByteBuffer.self) {
            actions += peer.receive(buffer.readableBytesView)
        }
        return actions
    }

    private func advance(_ seconds: Int64) {
        channel.embeddedEventLoop.advanceTime(by: .seconds(seconds))
    }
}
