import NIOCore
import NIOEmbedded
import Testing

@testable import InterhumanTransport

/// Reading slowly, on a clock that the test moves by hand.
final class ReceiveRateTests {
    private let channel = EmbeddedChannel()
    private let reads = ReadCounter()
    private let rate = ReceiveRate()

    init() throws {
        try channel.pipeline.syncOperations.addHandlers([reads, ReceiveRateHandler(rate)])
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        reads.count = 0
    }

    deinit {
        _ = try? channel.finish(acceptAlreadyClosed: true)
    }

    private func receive(_ count: Int) throws {
        try channel.writeInbound(ByteBuffer(repeating: 0, count: count))
        channel.read()
    }

    @Test func readsAtOnceWithoutALimit() throws {
        try receive(1_000_000)
        #expect(reads.count == 1)
    }

    @Test func waitsUntilTheBytesWouldHaveArrived() throws {
        rate.bytesPerSecond = 1000
        try receive(2500)
        channel.read()
        #expect(reads.count == 0)
        channel.embeddedEventLoop.advanceTime(by: .milliseconds(2499))
        #expect(reads.count == 0)
        channel.embeddedEventLoop.advanceTime(by: .milliseconds(1))
        #expect(reads.count == 1)
        // Time that passes without bytes is no credit for later.
        channel.embeddedEventLoop.advanceTime(by: .seconds(100))
        try receive(1000)
        #expect(reads.count == 1)
    }

    @Test func theLimitMayBeLifted() throws {
        rate.bytesPerSecond = 1000
        try receive(1000)
        rate.bytesPerSecond = nil
        channel.embeddedEventLoop.advanceTime(by: .seconds(1))
        try receive(1_000_000)
        #expect(reads.count == 2)
    }

    private final class ReadCounter: ChannelOutboundHandler {
        typealias OutboundIn = ByteBuffer
        var count = 0

        func read(context: ChannelHandlerContext) {
            count += 1
            context.read()
        }
    }
}
