import InterhumanCore
import NIOCore
import Synchronization

/// How many bytes of a connection a server reads a second, as TCP carries them; may change at any time. For tests of
/// clients on a slow network.
package final class ReceiveRate: Sendable {
    private let value = Atomic(0)

    /// Creates a rate without a limit.
    package init() {}

    /// Bytes a second; nil for as many as come.
    package var bytesPerSecond: Int? {
        get {
            let value = value.load(ordering: .relaxed)
            return value > 0 ? value : nil
        }
        set { value.store(newValue.map { max(1, $0) } ?? 0, ordering: .relaxed) }
    }
}

/// Reads no faster than its rate: a read waits until what came before would have taken its time. First of its pipeline.
final class ReceiveRateHandler: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = Never

    private let rate: ReceiveRate
    /// When the bytes that came would all have arrived.
    private var arrival = NIODeadline.uptimeNanoseconds(0)
    private var heldRead: Scheduled<Void>?
    private var isThrottled = false

    init(_ rate: ReceiveRate) {
        self.rate = rate
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if let rate = rate.bytesPerSecond {
            readLittle(at: rate, context)
            let seconds = Double(unwrapInboundIn(data).readableBytes) / Double(rate)
            arrival = max(arrival, context.eventLoop.now) + TimeAmount(.seconds(seconds))
        }
        context.fireChannelRead(data)
    }

    /// Small reads and a small window of TCP's, so that the client feels the rate at once and evenly.
    private func readLittle(at rate: Int, _ context: ChannelHandlerContext) {
        guard !isThrottled, let options = context.channel.syncOptions else { return }
        isThrottled = true
        let size = min(max(512, rate / 20), 65_536)
        // Where the kernel refuses, the rate still holds, only less evenly.
        try? options.setOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: size))
        try? options.setOption(.maxMessagesPerRead, value: 1)
        try? options.setOption(.socketOption(.so_rcvbuf), value: max(4096, size * 2))
    }

    func read(context: ChannelHandlerContext) {
        guard heldRead == nil else { return }
        guard rate.bytesPerSecond != nil, arrival > context.eventLoop.now else { return context.read() }
        heldRead = context.eventLoop.assumeIsolated().scheduleTask(deadline: arrival) { [weak self] in
            self?.heldRead = nil
            context.read()
        }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        heldRead.take()?.cancel()
    }
}
